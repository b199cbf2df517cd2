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
        events.Start(new History(), bestEpoch: 0, length: null);
        events.Append(new EpochResult(1, 0.25, 0.5, new Dictionary<string, double> { ["loss"] = 1.5, ["val_loss"] = double.NaN }), isBest: true);

        Assert.Equal(
            ["""{"event":"epoch","epoch":1,"loss":1.5,"val_loss":null,"learning_rate":0.5,"seconds":0.25,"best":true}"""], File.ReadAllLines(path));
    }

    [Fact]
    public void Lost_events_are_written_again_from_the_history_and_say_which_epoch_was_the_best()
    {
        string path = _folder.File("events.jsonl");
        Sequential model = new([new Dense(1)]);
        model.Compile(new Sgd(0.1), Loss.MeanSquaredError);
        History history = model.Fit(Tensor.Zeros(4, 1), Tensor.Zeros(4, 1), new FitOptions { Epochs = 3 });
        using (RunEvents events = new(path))
        {
            events.Start(history, bestEpoch: 2, length: 100);
        }

        Assert.Equal([false, true, false], File.ReadAllLines(path).Select(line => line.Contains("\"best\":true", StringComparison.Ordinal)));
    }
}
