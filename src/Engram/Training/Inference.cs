namespace Engram.Training;

/// <summary>Receives a batch in a pass of its own, and the indices of its samples.</summary>
internal delegate void BatchReceiver(Pass pass, BatchReader batch, ReadOnlySpan<int> samples);

/// <summary>Goes over a source batch by batch: in order, or the longest samples first where they have lengths and no state is carried.</summary>
internal static class Inference
{
    /// <param name="model">The model.</param>
    /// <param name="samples">The source.</param>
    /// <param name="batchSize">Samples to a batch.</param>
    /// <param name="wantsTargets">Whether targets are read too.</param>
    /// <param name="receive">Receives every batch.</param>
    /// <param name="states">Where states go on from batch to batch; null where every sample starts from zero.</param>
    /// <param name="cancellation">Ends the walk.</param>
    public static void Run(
        Model model, ISampleSource samples, int batchSize, bool wantsTargets, BatchReceiver receive, CarriedStates? states, CancellationToken cancellation)
    {
        if (wantsTargets && samples.Count == 0)
        {
            throw new ArgumentException("There is nothing to evaluate: the data have no sample.", nameof(samples));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (states is not null)
        {
            BatchStep.RequireWholeBatches(samples.Count, batchSize, "samples", nameof(batchSize));
        }
        int most = Math.Min(batchSize, samples.Count);
        var reader = new BatchReader(model, samples, most, wantsTargets);
        int[]? order = states is null && EpochOrder.IsByLength(samples) ? EpochOrder.LongestFirst(samples) : null;
        int[] indices = new int[most];
        for (int first = 0; first < samples.Count; first += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using ProfileSpan span = Profile.Measure("batch");
            int count = Math.Min(batchSize, samples.Count - first);
            for (int i = 0; i < count; i++)
            {
                indices[i] = order is null ? first + i : order[first + i];
            }
            reader.Read(indices.AsSpan(0, count));
            Pass pass = model.OpenPass(training: false, new RandomStream(0));
            try
            {
                pass.SetSampleIndices(indices.AsSpan(0, count));
                if (states is not null)
                {
                    states.ResetWhereSequencesStart(samples, indices.AsSpan(0, count));
                    pass.Carry(states);
                }
                receive(pass, reader, indices.AsSpan(0, count));
            }
            finally
            {
                pass.Close();
            }
        }
    }
}
