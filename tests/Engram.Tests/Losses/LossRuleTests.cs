using Engram.Training;

namespace Engram.Tests.Losses;

/// <summary>Masks, threads, and what is refused.</summary>
public sealed class LossRuleTests
{
    /// <summary>Losses of predictions [.., 6] with what their targets look like.</summary>
    private static readonly (Loss Loss, int TargetColumns)[] _losses =
    [
        (Loss.MeanSquaredError, 6), (Loss.MeanAbsoluteError, 6), (Loss.Huber(), 6), (Loss.BinaryCrossEntropy(), 6), (Loss.CategoricalCrossEntropy(), 6),
        (Loss.SparseCategoricalCrossEntropy(), 0), (Loss.Quantile(0.1, 0.5, 0.9), 2), (Loss.GaussianLikelihood(), 3), (Loss.StudentTLikelihood(), 2),
        (Loss.KullbackLeibler(), 6), (Loss.Cosine, 6),
    ];

    [Fact]
    public void A_masked_batch_has_the_loss_of_its_real_steps_alone()
    {
        // Sequences of 3, 0 and 2 real steps out of 4, with a gap and padding on both sides.
        bool[] pattern = [true, false, true, true, false, false, false, false, false, true, true, false];
        int[] real = [.. Enumerable.Range(0, 12).Where(i => pattern[i])];
        float[] predicted = Numbers(1, 12 * 6);
        foreach ((Loss loss, int columns) in _losses)
        {
            float[] target = Target(columns, 12);
            (double value, float[] gradient) = Run(loss, predicted, [3, 4, 6], target, TargetShape(columns, 3, 4), SequenceMask.FromPattern(pattern, 3, 4));
            int width = Math.Max(1, columns);
            (double alone, float[] gradientAlone) = Run(
                loss, [.. real.SelectMany(i => predicted.Skip(i * 6).Take(6))], [5, 6],
                [.. real.SelectMany(i => target.Skip(i * width).Take(width))], TargetShape(columns, 5), null);

            Assert.Equal(alone, value, 1e-6);
            Assert.Equal(gradientAlone, real.SelectMany(i => gradient.Skip(i * 6).Take(6)));
            Assert.All(Enumerable.Range(0, 12).Except(real).SelectMany(i => gradient.Skip(i * 6).Take(6)), slope => Assert.Equal(0, slope));
        }
    }

    [Fact]
    public void A_batch_without_a_real_step_has_loss_and_gradient_0()
    {
        foreach ((Loss loss, int columns) in _losses)
        {
            (double value, float[] gradient) = Run(
                loss, Numbers(1, 48), [2, 4, 6], Target(columns, 8), TargetShape(columns, 2, 4), SequenceMask.FromLengths([0, 0], 4));
            Assert.Equal(0, value);
            Assert.All(gradient, slope => Assert.Equal(0, slope));
        }
    }

    [Fact]
    public void The_weight_of_a_batch_is_its_real_steps() => new Sequential(new Dense(1)).Run(pass =>
    {
        Tensor sequences = pass.Input(Tensor.Zeros(3, 4, 6)), flat = pass.Input(Tensor.Zeros(5, 6)), target = Tensor.Zeros(1);
        Assert.Equal(12, Loss.Cosine.WeightOf(sequences, target));
        Assert.Equal(5, Loss.Cosine.WeightOf(flat, target));
        Assert.Equal(3, Loss.Cosine.WeightOf(pass.Masked(sequences, SequenceMask.FromLengths([1, 0, 2], 4)), target));
        return 0;
    });

    [Fact]
    public void Threads_change_no_bit()
    {
        const int rows = 300, classes = 300;
        float[] predicted = Numbers(1, rows * classes);
        foreach ((Loss loss, int columns) in _losses)
        {
            int[] shape = columns == 0 ? [rows] : [rows, columns * classes / 6];
            float[] target = columns == 0 ? Target(0, rows) : Target(columns, rows * classes / 6);
            var results = ((int[])[1, 2, 5]).Select(threads =>
            {
                using Device device = Device.Cpu(threads);
                return Run(loss, predicted, [rows, classes], target, shape, null, device);
            }).ToArray();
            Assert.All(results, result => Assert.Equal(results[0].Value, result.Value));
            Assert.All(results, result => Assert.Equal(results[0].Gradient, result.Gradient));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(-1)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void A_class_id_that_is_none_is_refused_with_its_place(float id)
    {
        float[] ids = [0, 1, 2, 3, 4, id];
        ArgumentException error = Assert.Throws<ArgumentException>(() => Run(Loss.SparseCategoricalCrossEntropy(), Numbers(1, 36), [2, 3, 6], ids, [2, 3], null));
        Assert.Contains("sample 1, step 2", error.Message, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"is {id},"), error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 5", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => Run(Loss.SparseCategoricalCrossEntropy(), Numbers(1, 36), [6, 6], ids, [6], null));
        Assert.Contains("the target of sample 5 is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_no_share_is_refused_with_its_place()
    {
        foreach (Loss loss in (Loss[])[Loss.BinaryCrossEntropy(), Loss.CategoricalCrossEntropy(), Loss.KullbackLeibler()])
        {
            foreach (float bad in (float[])[-1, 1.5f, float.NaN])
            {
                float[] target = [0, 1, 1, 0, 0, 1, 0, bad];
                ArgumentException error = Assert.Throws<ArgumentException>(() => Run(loss, Numbers(1, 8), [2, 2, 2], target, [2, 2, 2], null));
                Assert.Contains(FormattableString.Invariant($"sample 1, step 1 is {bad},"), error.Message, StringComparison.Ordinal);
                Run(loss, Numbers(1, 8), [2, 2, 2], target, [2, 2, 2], SequenceMask.FromLengths([2, 1], 2)); // on a masked step it is not looked at
            }
        }
        Assert.Contains("sample 1, step 2", Assert.Throws<ArgumentException>(() =>
            Run(Loss.BinaryCrossEntropy(), Numbers(1, 6), [2, 3], [0, 1, 1, 0, 1, 2], [2, 3], SequenceMask.FromLengths([3, 3], 3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_training_the_sample_is_named_by_its_number_in_the_data()
    {
        Tensor x = Tensor.Normal(new RandomStream(1), 30, 4, 2);
        float[] ids = new float[30 * 4];
        ids[27 * 4 + 2] = 9;
        foreach (Model model in (Model[])[
            new Sequential(new Lstm(3) { ReturnSequences = true }, new Dense(5)), new Sequential(new Lstm(3) { ReturnSequences = true }, new Dense(5), new ConditionalRandomField())])
        {
            model.Compile(new Adam(), model.Layers.Count == 2 ? Loss.SparseCategoricalCrossEntropy() : Loss.ConditionalRandomField);
            string message = Assert.Throws<ArgumentException>(() => model.Fit(x, Tensor.From(ids, 30, 4), new FitOptions { BatchSize = 7, Seed = 2 })).Message;
            Assert.Contains("the target of sample 27, step 2 is 9,", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(300, 70)]
    public void The_first_of_bad_targets_is_named_whatever_its_place(int rows, int columns)
    {
        float[] good = [.. Enumerable.Range(0, rows * columns).Select(i => (i % 11) / 10f)];
        int[] shape = [rows, columns];
        foreach (int place in (int[])[0, columns - 1, columns, rows / 2 * columns + columns / 2, rows * columns - 1])
        {
            float[] target = [.. good];
            (target[place], target[^1]) = (-0.5f, place == rows * columns - 1 ? -0.5f : float.NaN);
            ArgumentException error = Assert.Throws<ArgumentException>(() => Run(Loss.BinaryCrossEntropy(), good, shape, target, shape, null));
            Assert.Contains($"sample {place / columns} is -0.5,", error.Message, StringComparison.Ordinal);
        }
        Run(Loss.BinaryCrossEntropy(), good, shape, good, shape, null);
    }

    [Fact]
    public void Losses_of_rows_refuse_a_masked_prediction_that_has_no_row_at_a_step()
    {
        SequenceMask mask = SequenceMask.FromLengths([2, 1], 2);
        Loss[] ofRows = [Loss.CategoricalCrossEntropy(), Loss.SparseCategoricalCrossEntropy(), Loss.KullbackLeibler(), Loss.Cosine, Loss.Quantile(0.5), Loss.GaussianLikelihood()];
        foreach (Loss loss in ofRows)
        {
            int[] shape = loss.Name switch { "sparse_categorical_cross_entropy" => [2], "gaussian_likelihood" => [2, 1], _ => [2, 2] };
            ShapeException error = Assert.Throws<ShapeException>(() => Run(loss, Numbers(1, 4), [2, 2], new float[shape.Aggregate((a, b) => a * b)], shape, mask));
            Assert.Contains("[batch, time, outputs]", error.Message, StringComparison.Ordinal);
            Run(loss, Numbers(1, 4), [2, 2], new float[shape.Aggregate((a, b) => a * b)], shape, null);
        }
        // an element is a row of its own: the padding, which would be 100 off, is left out
        Assert.Equal(1, Run(Loss.MeanAbsoluteError, [1, 2, 3, 104], [2, 2], [0, 1, 2, 4], [2, 2], mask).Value, 1e-6);
    }

    [Fact]
    public void Class_ids_of_masked_steps_are_not_looked_at() => Assert.Equal(
        Run(Loss.SparseCategoricalCrossEntropy(), Numbers(1, 12), [2, 6], [1, 2], [2], null).Value,
        Run(Loss.SparseCategoricalCrossEntropy(), Numbers(1, 18), [1, 3, 6], [1, 2, -1], [1, 3], SequenceMask.FromLengths([2], 3)).Value, 1e-6);

    [Fact]
    public void Class_ids_for_the_categorical_loss_and_rows_for_the_sparse_one_name_the_other()
    {
        Assert.Contains("SparseCategoricalCrossEntropy", Refused(Loss.CategoricalCrossEntropy(), [2, 6], [2]), StringComparison.Ordinal);
        Assert.Contains("Loss.CategoricalCrossEntropy", Refused(Loss.SparseCategoricalCrossEntropy(), [2, 6], [2, 6]), StringComparison.Ordinal);
        Assert.Contains("ReturnSequences = true", Refused(Loss.SparseCategoricalCrossEntropy(), [2, 6], [2, 5]), StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_that_do_not_fit_the_targets_say_how_many_it_takes()
    {
        Assert.Contains("[4, 6]", Refused(Loss.Quantile(0.1, 0.5, 0.9), [4, 2], [4, 2]), StringComparison.Ordinal);
        Assert.Contains("2 outputs", Refused(Loss.GaussianLikelihood(), [4, 1], [4, 1]), StringComparison.Ordinal);
        Assert.Contains("3 class weights", Refused(Loss.SparseCategoricalCrossEntropy(new() { ClassWeights = [1, 2, 3] }), [2, 6], [2]), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropyOptions { LabelSmoothing = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropyOptions { ClassWeights = [1, -1] });
        Assert.Throws<ArgumentException>(() => Loss.BinaryCrossEntropy(new() { ClassWeights = [1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Quantile(0));
        Assert.Throws<ArgumentException>(() => Loss.Quantile());
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.StudentTLikelihood(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.GaussianLikelihood((ScaleOutput)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Huber(0));
    }

    private static string Refused(Loss loss, int[] predicted, int[] target) => Assert.Throws<ShapeException>(() =>
        Run(loss, new float[predicted.Aggregate((a, b) => a * b)], predicted, new float[target.Aggregate((a, b) => a * b)], target, null)).Message;

    private static (double Value, float[] Gradient) Run(
        Loss loss, float[] predicted, int[] shape, float[] target, int[] targetShape, SequenceMask? mask, Device? device = null)
    {
        var model = new Sequential(new Dense(1)) { Device = device ?? Device.Default };
        return model.Run(
            pass =>
            {
                Tensor x = pass.Input(Tensor.From(predicted, shape));
                pass.Watch(x);
                Tensor value = loss.Apply(pass, mask is null ? x : pass.Masked(x, mask), Tensor.From(target, targetShape));
                pass.Backward(value);
                return ((double)value.ToScalar(), pass.GradientToArray(x));
            },
            training: true);
    }

    private static float[] Numbers(long seed, int count) => [.. Enumerable.Range(0, count).Select(i => new RandomStream(seed).Normal(i))];

    private static float[] Target(int columns, int rows) => columns == 0
        ? [.. Enumerable.Range(0, rows).Select(i => (float)(i % 6))]
        : [.. Enumerable.Range(0, rows * columns).Select(i => new RandomStream(5).Uniform(i))];

    private static int[] TargetShape(int columns, params int[] rows) => columns == 0 ? rows : [.. rows, columns];
}
