using Engram.Training;

namespace Engram.Tasks.Tests.TrainingRuns;

public sealed class RunEventsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_epoch_is_a_line_and_a_value_that_is_no_number_is_null()
    {
        string path = _folder.File("events.jsonl");
        RunEvents events = new(path);
        events.Start(new History(), null);
        events.Append(new EpochResult(1, 0.25, 0.5, new Dictionary<string, double> { ["loss"] = 1.5, ["val_loss"] = double.NaN }), isBest: true);

        Assert.Equal(
            ["""{"event":"epoch","epoch":1,"loss":1.5,"val_loss":null,"learning_rate":0.5,"seconds":0.25,"best":true}"""], File.ReadAllLines(path));
    }
}
