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
}
