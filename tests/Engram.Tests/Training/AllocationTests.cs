using Engram.Training;

namespace Engram.Tests.Training;

public sealed class AllocationTests
{
    [Fact]
    public void A_steady_training_step_allocates_under_1_KB()
    {
        using Device device = Device.Cpu(2); // of its own: whoever else trains on the default one trims its pool
        var model = new Sequential(new Lstm(20) { ReturnSequences = true }, new Dropout(0.2), new Lstm(20), new Dense(1)) { Device = device };
        model.Compile(new Adam { ClipNorm = 1 }, Loss.MeanSquaredError);
        Tensor x = Tensor.Normal(new RandomStream(1), 320, 10, 2), y = Tensor.Normal(new RandomStream(2), 320, 1);
        var meter = new AllocationMeter(from: 5, to: 35);

        model.Fit(x, y, new FitOptions { Epochs = 2, BatchSize = 8, Callbacks = [meter] });

        Assert.InRange(meter.Bytes / 30.0, 0, 1023);
    }

    [Fact]
    public void So_does_one_with_all_that_training_can_do_beside()
    {
        using Device device = Device.Cpu(2);
        var model = new Sequential(
            new Lstm(20) { ReturnSequences = true, WeightDropout = 0.1, TemporalRegularizer = Regularizer.L2(1), KernelRegularizer = Regularizer.L2(1e-4), RecurrentConstraint = WeightConstraint.MaxNorm(2) },
            new Dense(5) { ActivityRegularizer = Regularizer.L1(1e-4), BiasRegularizer = Regularizer.L1(1e-4) })
        {
            Device = device,
        };
        model.Compile(
            new AdamW { ClipNorm = 1, Groups = [new ParameterGroup(p => p.Role == "bias") { WeightDecay = 0 }] },
            Loss.SparseCategoricalCrossEntropy(new() { LabelSmoothing = 0.1, ClassWeights = [1, 2, 3, 4, 5] }));
        Tensor x = Tensor.Normal(new RandomStream(1), 320, 10, 2), y = Tensor.Zeros(320, 10);
        SequenceMask mask = SequenceMask.FromLengths([.. Enumerable.Range(0, 320).Select(i => i % 11)], 10);
        var meter = new AllocationMeter(from: 5, to: 35);

        model.Fit(x, y, mask, new FitOptions
        {
            Epochs = 2, BatchSize = 8, Schedule = LearningRateSchedule.Parse("warm-up:1:plateau"), Callbacks = [WeightAveraging.Exponential(), meter],
        });

        Assert.InRange(meter.Bytes / 30.0, 0, 1023);
    }

    [Fact]
    public void So_does_one_of_a_tagger()
    {
        using Device device = Device.Cpu(2);
        var model = new Sequential(
            new TimeDistributed(new Embedding(20, 4) { MaskZero = true }, new Lstm(4)), new Lstm(8) { ReturnSequences = true }, new Dense(5),
            new ConditionalRandomField())
        {
            Device = device,
        };
        model.Compile(new Adam { ClipNorm = 1 }, Loss.ConditionalRandomField);
        SequenceMask mask = SequenceMask.FromLengths([.. Enumerable.Range(0, 320).Select(i => i % 11)], 10);
        Tensor x = Tensor.From([.. Enumerable.Range(0, 320 * 60).Select(i => (float)(i * 7 % 20))], 320, 10, 6);
        var meter = new AllocationMeter(from: 5, to: 35);

        model.Fit(x, Tensor.Zeros(320, 10), mask, new FitOptions { Epochs = 2, BatchSize = 8, Callbacks = [meter] });

        Assert.InRange(meter.Bytes / 30.0, 0, 1023);
    }
}
