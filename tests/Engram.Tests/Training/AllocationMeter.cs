using Engram.Training;

namespace Engram.Tests.Training;

/// <summary>Counts what the training thread allocates between two batches in the middle of an epoch.</summary>
internal sealed class AllocationMeter(int from, int to) : Callback
{
    private long _start;

    public long Bytes { get; private set; } = -1;

    public override void OnBatchEnd(TrainingContext context, in FitProgress progress)
    {
        if (progress is { Epoch: 2 } && progress.Batch == from)
        {
            _start = GC.GetAllocatedBytesForCurrentThread();
        }
        if (progress is { Epoch: 2 } && progress.Batch == to)
        {
            Bytes = GC.GetAllocatedBytesForCurrentThread() - _start;
        }
    }
}
