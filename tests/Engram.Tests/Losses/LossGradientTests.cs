using Engram.Tests.Autograd;

namespace Engram.Tests.Losses;

/// <summary>Every loss, with and without masks, over one row and many, few classes and more than a vector holds.</summary>
public sealed class LossGradientTests
{
    private const double Half = 0.5;

    /// <summary>Batch, steps (0: no time axis), target values or classes.</summary>
    public static TheoryData<int, int, int> Sizes => new() { { 1, 0, 1 }, { 7, 0, 3 }, { 1, 1, 16 }, { 3, 2, 17 }, { 2, 50, 2 }, { 2, 3, 130 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Squared_error(int batch, int steps, int values) => Check(Loss.MeanSquaredError, batch, steps, values);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Absolute_error(int batch, int steps, int values) => Check(Loss.MeanAbsoluteError, batch, steps, values);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Huber(int batch, int steps, int values) => Check(Loss.Huber(0.7), batch, steps, values);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Binary_cross_entropy(int batch, int steps, int values)
    {
        Check(Loss.BinaryCrossEntropy(), batch, steps, values, Targets.Share);
        Check(Loss.BinaryCrossEntropy(new() { LabelSmoothing = 0.2, ClassWeights = [0.3, 2] }), batch, steps, values, Targets.Share);
        Check(
            Loss.BinaryCrossEntropy(new() { FromProbabilities = true, LabelSmoothing = 0.2, ClassWeights = [0.3, 2] }),
            batch, steps, values, Targets.Share, probabilities: (pass, x) => pass.Sigmoid(x));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Categorical_cross_entropy(int batch, int steps, int classes)
    {
        classes++;
        Check(Loss.CategoricalCrossEntropy(), batch, steps, classes, Targets.Share);
        CrossEntropyOptions options = new() { LabelSmoothing = 0.1, ClassWeights = Weights(classes) };
        Check(Loss.CategoricalCrossEntropy(options), batch, steps, classes, Targets.Share);
        Check(
            Loss.CategoricalCrossEntropy(options with { FromProbabilities = true }), batch, steps, classes, Targets.Share,
            probabilities: (pass, x) => pass.Softmax(x));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sparse_categorical_cross_entropy(int batch, int steps, int classes)
    {
        classes++;
        Check(Loss.SparseCategoricalCrossEntropy(), batch, steps, classes, Targets.ClassId);
        CrossEntropyOptions options = new() { LabelSmoothing = 0.1, ClassWeights = Weights(classes) };
        Check(Loss.SparseCategoricalCrossEntropy(options), batch, steps, classes, Targets.ClassId);
        Check(
            Loss.SparseCategoricalCrossEntropy(options with { FromProbabilities = true }), batch, steps, classes, Targets.ClassId,
            probabilities: (pass, x) => pass.Softmax(x));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Quantile(int batch, int steps, int values) => Check(Loss.Quantile(0.1, Half, 0.95), batch, steps, values, outputs: 3);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gaussian_likelihood(int batch, int steps, int values)
    {
        Check(Loss.GaussianLikelihood(), batch, steps, values, outputs: 2);
        Check(Loss.GaussianLikelihood(ScaleOutput.Softplus), batch, steps, values, outputs: 2);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Student_t_likelihood(int batch, int steps, int values)
    {
        Check(Loss.StudentTLikelihood(4.5), batch, steps, values, outputs: 2);
        Check(Loss.StudentTLikelihood(), batch, steps, values, outputs: 3);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Kullback_leibler_divergence(int batch, int steps, int classes)
    {
        classes++;
        Check(Loss.KullbackLeibler(), batch, steps, classes, Targets.Distribution);
        Check(Loss.KullbackLeibler(fromProbabilities: true), batch, steps, classes, Targets.Distribution, probabilities: (pass, x) => pass.Softmax(x));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cosine(int batch, int steps, int features) => Check(Loss.Cosine, batch, steps, features + 1);

    [Fact]
    public void A_loss_that_is_scaled_and_a_prediction_that_two_losses_share() => GradientCheck.Function(
        (pass, x) =>
        {
            Tensor target = Tensor.Zeros(3, 4);
            Tensor squared = pass.Scale(Loss.MeanSquaredError.Apply(pass, x[0], target), 3);
            return pass.Add(squared, pass.Scale(Loss.Cosine.Apply(pass, x[0], Tensor.From([.. Enumerable.Range(1, 12).Select(i => (float)i)], 3, 4)), -2));
        },
        new Shape(3, 4));

    [Fact]
    public void A_masked_tensor_without_features_counts_its_steps() => GradientCheck.Function(
        (pass, x) => Loss.MeanSquaredError.Apply(pass, pass.Masked(x[0], SequenceMask.FromLengths([3, 0, 1], 4)), Tensor.Zeros(3, 4)), new Shape(3, 4));

    private enum Targets
    {
        Number,
        Share,
        Distribution,
        ClassId,
    }

    private static void Check(
        Loss loss, int batch, int steps, int values, Targets targets = Targets.Number, int outputs = 1, Func<Pass, Tensor, Tensor>? probabilities = null)
    {
        Shape predicted = steps == 0 ? new Shape(batch, outputs * values) : new Shape(batch, steps, outputs * values);
        Tensor target = Target(targets, predicted, values);
        Run(null);
        if (steps > 0)
        {
            // A gap in one sequence, and one without a real step.
            Run(SequenceMask.FromPattern([.. Enumerable.Range(0, batch * steps).Select(i => i % 3 != 1 && (i / steps != 1 || batch < 3))], batch, steps));
        }

        void Run(SequenceMask? mask) => GradientCheck.Function(
            (pass, x) =>
            {
                Tensor y = mask is null ? x[0] : pass.Masked(x[0], mask);
                return loss.Apply(pass, probabilities is null ? y : pass.Masked(probabilities(pass, y), mask), target);
            },
            predicted);
    }

    private static Tensor Target(Targets kind, Shape predicted, int values)
    {
        var random = new RandomStream(3);
        if (kind == Targets.ClassId)
        {
            float[] ids = [.. Enumerable.Range(0, predicted.Rows).Select(i => (float)(int)(random.Uniform(i) * values))];
            return Tensor.From(ids, predicted.WithoutLast().ToArray());
        }
        Shape shape = predicted.WithLast(values);
        float[] numbers = [.. Enumerable.Range(0, (int)shape.Count).Select(i => kind == Targets.Number ? random.Normal(i) : random.Uniform(i))];
        for (int row = 0; kind == Targets.Distribution && row < shape.Rows; row++)
        {
            float sum = numbers.Skip(row * values).Take(values).Sum();
            for (int k = 0; k < values; k++)
            {
                numbers[row * values + k] /= sum;
            }
        }
        return Tensor.From(numbers, shape.ToArray());
    }

    private static double[] Weights(int classes) => [.. Enumerable.Range(0, classes).Select(k => 0.5 + k % 3)];
}
