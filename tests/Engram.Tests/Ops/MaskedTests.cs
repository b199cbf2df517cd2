using Engram.Tests.Autograd;
using Engram.Tests.Training;
using Engram.Training;

namespace Engram.Tests.Ops;

/// <summary>How masks travel through operations, layers and training.</summary>
public sealed class MaskedTests
{
    private static readonly SequenceMask Right = SequenceMask.FromLengths([3, 1], 3);
    private static readonly SequenceMask Left = SequenceMask.FromPattern([false, true, true, true, true, true], 2, 3);

    [Fact]
    public void Gradients_pass_through() => GradientCheck.Function((pass, x) => pass.Multiply(pass.Masked(x[0], Right), x[0]), new Shape(2, 3, 4));

    [Fact]
    public void Operations_that_keep_time_hand_the_mask_on() => TrainingPass.Run(pass =>
    {
        Tensor x = pass.Masked(Tensor.Zeros(2, 3, 4), Right), plain = Tensor.Zeros(2, 3, 4);
        Assert.Same(Right, x.Mask);
        Assert.Same(Right, pass.Add(x, plain).Mask);
        Assert.Same(Right, pass.Subtract(plain, x).Mask);
        Assert.Same(Right, pass.Multiply(x, x).Mask);
        Assert.Same(Right, pass.Tanh(x).Mask);
        Assert.Same(Right, pass.Softmax(x).Mask);
        Assert.Same(Right, pass.Scale(x, 2).Mask);
        Assert.Same(Right, pass.Linear(x, Tensor.Zeros(4, 5)).Mask);
        Assert.Same(Right, pass.Reshape(x, new Shape(2, 3, 2, 2)).Mask);
        Assert.Same(Right, pass.Dropout(x, 0.5, new RandomStream(1)).Mask);
    });

    [Fact]
    public void Operations_that_consume_time_give_none() => TrainingPass.Run(pass =>
    {
        Tensor x = pass.Masked(Tensor.Zeros(2, 3, 4), Right), flat = pass.Masked(Tensor.Zeros(2, 3), Right);
        Assert.Null(pass.Sum(x).Mask);
        Assert.Null(pass.Reshape(x, new Shape(2, 12)).Mask);
        Assert.Null(pass.Softmax(flat).Mask);
        Assert.Null(pass.Linear(flat, Tensor.Zeros(3, 3)).Mask);
        Assert.Null(pass.Masked(x, null).Mask);
    });

    [Fact]
    public void Of_two_masks_the_steps_that_are_real_in_both_remain() => TrainingPass.Run(pass =>
    {
        Tensor sum = pass.Add(pass.Masked(Tensor.Zeros(2, 3, 4), Right), pass.Masked(Tensor.Zeros(2, 3, 4), Left));
        Assert.Equal([false, true, true, true, false, false], sum.Mask!.Pattern);
    });

    [Fact]
    public void A_mask_of_another_size_is_refused() => TrainingPass.Run(pass =>
    {
        Assert.Contains("[2, 3, …]", Assert.Throws<ShapeException>(() => pass.Masked(Tensor.Zeros(2, 4, 1), Right)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => pass.Masked(Tensor.Zeros(2), Right));
        Assert.Throws<ShapeException>(() => pass.Masked(Tensor.Zeros(3, 3, 1), Right));
    });

    [Fact]
    public void The_mask_of_a_stale_tensor_is_refused()
    {
        Tensor stale = default;
        TrainingPass.Run(pass => stale = pass.Masked(Tensor.Zeros(2, 3), Right));
        Assert.Throws<ObjectDisposedException>(() => stale.Mask);
        TrainingPass.Run(pass => Assert.Null(pass.Tanh(Tensor.Zeros(2, 3)).Mask));
    }

    [Fact]
    public void Fit_predict_and_evaluate_give_the_model_the_rows_of_the_mask()
    {
        Tensor x = Tensor.Zeros(5, 3, 1), y = Tensor.Zeros(5, 3, 1);
        int[] lengths = [0, 1, 2, 3, 2];
        SequenceMask mask = SequenceMask.FromLengths(lengths, 3);
        for (int i = 0; i < 5; i++)
        {
            x.Body.Host!.AsSpan(i * 3, 3).Fill(i);
        }
        var model = new Probe();
        model.Compile(new Sgd(), Loss.MeanSquaredError);

        model.Predict(x, mask, batchSize: 2);
        Assert.Equal(5, Check(model.Seen, lengths));
        model.Evaluate(x, y, mask, batchSize: 3);
        Assert.Equal(5, Check(model.Seen, lengths));
        model.Fit(x, y, mask, new FitOptions { BatchSize = 2, ValidationData = (x, y), ValidationMask = mask });
        Assert.Equal(10, Check(model.Seen, lengths));
        model.Predict(x, SequenceMask.FromLengths([3, 3, 3, 3, 3], 3));
        Assert.Empty(model.Seen);
    }

    [Fact]
    public void A_mask_that_does_not_fit_the_data_is_refused()
    {
        var model = new Sequential(new Dense(1));
        Assert.Contains("2 sequences of 3 steps", Assert.Throws<ShapeException>(() => model.Predict(Tensor.Zeros(5, 3, 1), Right)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => model.Predict(Tensor.Zeros(2), Right));
    }

    [Fact]
    public void A_steady_masked_step_allocates_under_1_KB()
    {
        var model = new Sequential(new Dense(4), new Dropout(0.1), new Dense(1));
        model.Compile(new Sgd(), Loss.MeanSquaredError);
        int[] lengths = [.. Enumerable.Range(0, 320).Select(i => i % 11)];
        var meter = new AllocationMeter(from: 5, to: 35);

        model.Fit(
            Tensor.Normal(new RandomStream(1), 320, 10, 2), Tensor.Normal(new RandomStream(2), 320, 10, 1), SequenceMask.FromLengths(lengths, 10),
            new FitOptions { Epochs = 2, BatchSize = 8, Callbacks = [meter] });

        Assert.InRange(meter.Bytes / 30.0, 0, 1023);
    }

    private static int Check(List<(int Sample, int[] Steps)> seen, int[] lengths)
    {
        Assert.All(seen, row => Assert.Equal(Enumerable.Range(0, lengths[row.Sample]), row.Steps));
        int count = seen.Count;
        seen.Clear();
        return count;
    }

    /// <summary>Notes, row by row, which sample came with which real steps.</summary>
    private sealed class Probe : Model
    {
        private readonly Dense _dense;

        public Probe() => _dense = Track(new Dense(1));

        public List<(int Sample, int[] Steps)> Seen { get; } = [];

        public override Tensor Forward(Pass pass, Tensor input)
        {
            float[] values = input.ToArray();
            if (input.Mask is { } mask)
            {
                Seen.AddRange(Enumerable.Range(0, mask.Batch).Select(row => ((int)values[row * mask.Steps], mask.RealSteps(row).ToArray())));
            }
            Tensor y = _dense.Apply(pass, input);
            Assert.Same(input.Mask, y.Mask);
            return y;
        }
    }
}
