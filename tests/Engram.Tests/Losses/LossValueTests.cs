using Engram.Backends;
using Engram.Kernels;

namespace Engram.Tests.Losses;

/// <summary>Values by hand or by pocket calculator; closed forms; extremes.</summary>
public sealed class LossValueTests
{
    [Fact]
    public void Squared_absolute_and_huber()
    {
        // errors 1, −3
        Assert.Equal(5, Value(Loss.MeanSquaredError, [2, 1], [1, 4], 1, 2), 1e-6);
        Assert.Equal(2, Value(Loss.MeanAbsoluteError, [2, 1], [1, 4], 1, 2), 1e-6);
        Assert.Equal((0.5 + 2 * (3 - 1)) / 2, Value(Loss.Huber(2), [2, 1], [1, 4], 1, 2), 1e-6);
    }

    [Fact]
    public void Binary_cross_entropy()
    {
        // σ(0) = ½; σ(ln 3) = ¾
        float ln3 = MathF.Log(3);
        Assert.Equal((Math.Log(2) - Math.Log(0.75)) / 2, Value(Loss.BinaryCrossEntropy(), [0, ln3], [0, 1], 1, 2), 1e-6);
        Assert.Equal((Math.Log(2) - Math.Log(0.75)) / 2, Value(Loss.BinaryCrossEntropy(new() { FromProbabilities = true }), [0.5f, 0.75f], [0, 1], 1, 2), 1e-6);
        Assert.Equal(
            (0.5 * Math.Log(2) - 3 * Math.Log(0.75)) / 2, Value(Loss.BinaryCrossEntropy(new() { ClassWeights = [0.5, 3] }), [0, ln3], [0, 1], 1, 2), 1e-6);
        // t' = 0.9: 0.9 · −ln ¾ + 0.1 · −ln ¼
        Assert.Equal(
            -0.9 * Math.Log(0.75) - 0.1 * Math.Log(0.25), Value(Loss.BinaryCrossEntropy(new() { LabelSmoothing = 0.2 }), [ln3], [1], 1, 1), 1e-6);
    }

    [Fact]
    public void Categorical_cross_entropy_of_logits_and_of_probabilities()
    {
        // softmax(ln 1, ln 2, ln 5) = 1/8, 2/8, 5/8
        float[] logits = [0, MathF.Log(2), MathF.Log(5)], probabilities = [0.125f, 0.25f, 0.625f];
        CrossEntropyOptions fromProbabilities = new() { FromProbabilities = true };
        Assert.Equal(Math.Log(4), Value(Loss.CategoricalCrossEntropy(), logits, [0, 1, 0], 1, 3), 1e-6);
        Assert.Equal(Math.Log(4), Value(Loss.CategoricalCrossEntropy(fromProbabilities), probabilities, [0, 1, 0], 1, 3), 1e-6);
        Assert.Equal(Math.Log(4), Value(Loss.SparseCategoricalCrossEntropy(), logits, [1], [1, 3], [1]), 1e-6);
        Assert.Equal(Math.Log(4), Value(Loss.SparseCategoricalCrossEntropy(fromProbabilities), probabilities, [1], [1, 3], [1, 1]), 1e-6);
        Assert.Equal(0.5 * Math.Log(8) + 0.5 * Math.Log(1.6), Value(Loss.CategoricalCrossEntropy(), logits, [0.5f, 0, 0.5f], 1, 3), 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sparse_cross_entropy_is_the_categorical_one_of_the_one_hot_target(bool fromProbabilities)
    {
        const int rows = 5, classes = 70;
        CrossEntropyOptions options = new()
        {
            LabelSmoothing = 0.15, ClassWeights = [.. Enumerable.Range(0, classes).Select(k => k * 0.1)], FromProbabilities = fromProbabilities,
        };
        float[] predicted = [.. Enumerable.Range(0, rows * classes).Select(i => MathF.Abs(new RandomStream(1).Normal(i)) / 10)];
        float[] ids = [0, 69, 5, 64, 63], hot = new float[rows * classes];
        for (int row = 0; row < rows; row++)
        {
            hot[row * classes + (int)ids[row]] = 1;
        }
        Assert.Equal(
            Value(Loss.CategoricalCrossEntropy(options), predicted, hot, rows, classes),
            Value(Loss.SparseCategoricalCrossEntropy(options), predicted, ids, [rows, classes], [rows]), 1e-5);
    }

    [Fact]
    public void Logits_of_any_size_neither_overflow_nor_lose_the_loss()
    {
        Assert.Equal(2000, Value(Loss.SparseCategoricalCrossEntropy(), [1000, -1000, 0], [1], [1, 3], [1]), 1e-3);
        Assert.Equal(0, Value(Loss.SparseCategoricalCrossEntropy(), [1000, -1000, 0], [0], [1, 3], [1]), 1e-6);
        Assert.Equal(500, Value(Loss.BinaryCrossEntropy(), [1000, -1000], [0, 0], 1, 2), 1e-3);
        Assert.Equal(Math.Exp(-20), Value(Loss.BinaryCrossEntropy(), [20], [1], 1, 1), 1e-12);
    }

    [Fact]
    public void Probabilities_of_0_cost_a_finite_loss() => Assert.Equal(
        -Math.Log(1e-7), Value(Loss.SparseCategoricalCrossEntropy(new() { FromProbabilities = true }), [1, 0], [1], [1, 2], [1]), 1e-5);

    [Fact]
    public void A_logit_that_is_no_number_makes_the_loss_none()
    {
        Assert.True(double.IsNaN(Value(Loss.SparseCategoricalCrossEntropy(), [0, float.NaN, 1], [0], [1, 3], [1])));
        Assert.True(double.IsNaN(Value(Loss.CategoricalCrossEntropy(), [0, float.NaN, 1], [1, 0, 0], 1, 3)));
    }

    [Fact]
    public void Quantiles()
    {
        // y = 2, predicted 1 and 4 at levels 0.1 and 0.9: 0.1 · 1 and 0.1 · 2; y = −1, predicted 0 and −3: 0.9 · 1 and 0.9 · 2
        Assert.Equal((0.1 + 0.2 + 0.9 + 1.8) / 4, Value(Loss.Quantile(0.1, 0.9), [1, 4, 0, -3], [2, -1], [1, 4], [1, 2]), 1e-6);
    }

    [Fact]
    public void The_median_of_the_pinball_loss_is_half_the_absolute_error() => Assert.Equal(
        Value(Loss.MeanAbsoluteError, [2, 1, 7], [1, 4, 7], 3, 1) / 2, Value(Loss.Quantile(0.5), [2, 1, 7], [1, 4, 7], [3, 1], [3]), 1e-6);

    [Fact]
    public void Gaussian_likelihood()
    {
        // μ = 1, σ = 2, y = 4: ½ ln 2π + ln 2 + 9/8
        double expected = 0.5 * Math.Log(2 * Math.PI) + Math.Log(2) + 9.0 / 8;
        Assert.Equal(expected, Value(Loss.GaussianLikelihood(), [1, MathF.Log(4)], [4], [1, 2], [1]), 1e-5);
        Assert.Equal(expected, Value(Loss.GaussianLikelihood(ScaleOutput.Softplus), [1, MathF.Log(MathF.Exp(2) - 1)], [4], [1, 2], [1, 1]), 1e-5);
    }

    [Fact]
    public void Student_t_likelihood()
    {
        float softplusOf2 = MathF.Log(MathF.Exp(2) - 1), softplusOf1 = MathF.Log(MathF.E - 1);
        // ν = 1 is Cauchy's distribution: density 1 / (π s (1 + z²)), z = 3/2, s = 2
        Assert.Equal(Math.Log(2 * Math.PI * 3.25), Value(Loss.StudentTLikelihood(1), [1, softplusOf2], [4], [1, 2], [1]), 1e-5);
        // ν = 3: density 2 / (π √3 s (1 + z²/3)²); ν = 2 + softplus
        double third = -Math.Log(2 / (Math.PI * Math.Sqrt(3) * 2 * Math.Pow(1 + 2.25 / 3, 2)));
        Assert.Equal(third, Value(Loss.StudentTLikelihood(3), [1, softplusOf2], [4], [1, 2], [1]), 1e-5);
        Assert.Equal(third, Value(Loss.StudentTLikelihood(), [1, softplusOf2, softplusOf1], [4], [1, 3], [1]), 1e-5);
    }

    [Fact]
    public void Student_t_with_many_degrees_of_freedom_is_normal() => Assert.Equal(
        Value(Loss.GaussianLikelihood(ScaleOutput.Softplus), [1, 0.3f], [2], [1, 2], [1]), Value(Loss.StudentTLikelihood(1e7), [1, 0.3f], [2], [1, 2], [1]), 1e-5);

    [Fact]
    public void Gamma_functions()
    {
        Assert.Equal(0, GammaFunctions.LogGamma(1), 1e-14);
        Assert.Equal(Math.Log(24), GammaFunctions.LogGamma(5), 1e-14);
        Assert.Equal(Math.Log(Math.PI) / 2, GammaFunctions.LogGamma(0.5), 1e-14);
        Assert.Equal(359.1342053695753988, GammaFunctions.LogGamma(100), 1e-12);
        Assert.Equal(-0.57721566490153286, GammaFunctions.Digamma(1), 1e-14);
        Assert.Equal(-0.57721566490153286 - 2 * Math.Log(2), GammaFunctions.Digamma(0.5), 1e-13);
        Assert.Equal(4.600161852738087, GammaFunctions.Digamma(100), 1e-13);
    }

    [Fact]
    public void Kullback_leibler_divergence()
    {
        double expected = 0.5 * Math.Log(0.5 / 0.25) + 0.5 * Math.Log(0.5 / 0.75);
        Assert.Equal(expected, Value(Loss.KullbackLeibler(fromProbabilities: true), [0.25f, 0.75f], [0.5f, 0.5f], 1, 2), 1e-6);
        Assert.Equal(expected, Value(Loss.KullbackLeibler(), [0, MathF.Log(3)], [0.5f, 0.5f], 1, 2), 1e-6);
        Assert.Equal(0, Value(Loss.KullbackLeibler(), [0, MathF.Log(3)], [0.25f, 0.75f], 1, 2), 1e-6);
        Assert.Equal(-Math.Log(0.75), Value(Loss.KullbackLeibler(), [0, MathF.Log(3)], [0, 1], 1, 2), 1e-6);
    }

    [Fact]
    public void Cosine()
    {
        // 3-4-5: same way, opposite way, right angle, no direction
        float[] predicted = [3, 4, 3, 4, 3, 4, 0, 0], target = [6, 8, -6, -8, -4, 3, 1, 1];
        Assert.Equal((0.0 + 2 + 1 + 1) / 4, Value(Loss.Cosine, predicted, target, 4, 2), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Cross_entropy_over_many_classes_is_near_the_plain_sum_in_every_tier(int bits)
    {
        using var device = new Device(CpuBackend.Create(2, Tiers.Require(bits)));
        foreach (int classes in (int[])[1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 1000])
        {
            float[] logits = [.. Enumerable.Range(0, 3 * classes).Select(i => 4 * new RandomStream(2).Normal(i))], ids = [0, classes / 2, classes - 1];
            double expected = Enumerable.Range(0, 3).Average(row =>
                Math.Log(logits.Skip(row * classes).Take(classes).Sum(x => Math.Exp(x))) - logits[row * classes + (int)ids[row]]);
            Assert.Equal(expected, Value(Loss.SparseCategoricalCrossEntropy(), logits, ids, [3, classes], [3], device), 1e-5);
        }
    }

    private static double Value(Loss loss, float[] predicted, float[] target, int rows, int columns) =>
        Value(loss, predicted, target, [rows, columns], [rows, columns]);

    private static double Value(Loss loss, float[] predicted, float[] target, int[] shape, int[] targetShape, Device? device = null)
    {
        var model = new Sequential(new Dense(1)) { Device = device ?? Device.Default };
        return model.Run(pass => (double)loss.Apply(pass, pass.Input(Tensor.From(predicted, shape)), Tensor.From(target, targetShape)).ToScalar());
    }
}
