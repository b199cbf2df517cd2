using Engram.Training;

namespace Engram.Tests.Losses;

/// <summary>What a loss is least at is what it is for: a model of constants learns the distribution that its targets were drawn from.</summary>
public sealed class LossLearningTests
{
    private const int Samples = 4000;

    // Normal with mean 1 and deviation 2; beside it one of its kind with every twentieth target thrown far off.
    private static readonly float[] Normal = [.. Enumerable.Range(0, Samples).Select(i => 1 + 2 * new RandomStream(6).Normal(i))];
    private static readonly float[] Thrown = [.. Normal.Select((y, i) => i % 20 == 0 ? y + 50 : y)];

    [Fact]
    public void Quantiles_are_those_of_the_targets()
    {
        float[] sorted = [.. Normal.Order()];
        float[] learnt = Learn(Loss.Quantile(0.1, 0.5, 0.9), 3, Normal);
        Assert.All(learnt.Zip((double[])[0.1, 0.5, 0.9]), pair => Assert.Equal(sorted[(int)(pair.Second * Samples)], pair.First, 0.1f));
    }

    [Theory]
    [InlineData(ScaleOutput.LogVariance)]
    [InlineData(ScaleOutput.Softplus)]
    public void A_normal_distribution_is_found(ScaleOutput scale)
    {
        float[] learnt = Learn(Loss.GaussianLikelihood(scale), 2, Normal);
        double deviation = scale == ScaleOutput.LogVariance ? Math.Exp(learnt[1] / 2) : Math.Log(1 + Math.Exp(learnt[1]));
        Assert.Equal(Normal.Average(), learnt[0], 0.1);
        Assert.Equal(2, deviation, 0.1);
    }

    [Fact]
    public void Student_s_distribution_is_not_thrown_off_by_what_throws_off_the_normal_one()
    {
        float[] normal = Learn(Loss.GaussianLikelihood(), 2, Thrown), student = Learn(Loss.StudentTLikelihood(), 3, Thrown);
        Assert.InRange(normal[0], 2.5, 4.5); // the mean is 3.5
        Assert.InRange(student[0], 0.8, 1.3);
    }

    [Fact]
    public void Cross_entropy_and_divergence_find_the_shares_of_classes()
    {
        // one half, three tenths, two tenths
        float[] ids = [.. Enumerable.Range(0, Samples).Select(i => i % 10 < 5 ? 0f : i % 10 < 8 ? 1 : 2)];
        float[] logits = Learn(Loss.SparseCategoricalCrossEntropy(), 3, ids);
        double[] shares = [.. logits.Select(x => Math.Exp(x) / logits.Sum(other => Math.Exp(other)))];
        Assert.Equal([0.5, 0.3, 0.2], shares, (a, b) => Math.Abs(a - b) < 0.03);
    }

    /// <summary>The constants that a bias alone learns.</summary>
    private static float[] Learn(Loss loss, int outputs, float[] targets)
    {
        var model = new Sequential(new Dense(outputs));
        model.Compile(new Adam(0.05), loss);
        model.Fit(Tensor.Zeros(Samples, 1), Tensor.From(targets, Samples), new FitOptions
        {
            Epochs = 12, BatchSize = 100, Schedule = LearningRateSchedule.Cosine(),
        });
        return model.Parameters[1].ToArray();
    }
}
