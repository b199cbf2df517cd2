namespace Engram.Tasks.Tests.TrainingRuns;

public sealed class TaskEnvironmentTests
{
    [Fact]
    public void Threads_are_those_of_the_device()
    {
        using Device device = Device.Cpu(3);
        Assert.Equal(3, new TaskEnvironment(device, null, null, default).Threads);
        Assert.Equal(Environment.ProcessorCount, new TaskEnvironment(null, null, null, default).Threads);
    }
}
