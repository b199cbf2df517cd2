namespace Engram.Tasks.Tests.TrainingRuns;

/// <summary>Interrupts training after so many batches.</summary>
internal sealed class CancelAfter(int batches, CancellationTokenSource interruption) : IProgress<TaskProgress>
{
    private int _left = batches;

    public void Report(TaskProgress value)
    {
        if (value.Fit is not null && --_left == 0)
        {
            interruption.Cancel();
        }
    }
}
