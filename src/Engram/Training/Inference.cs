namespace Engram.Training;

/// <summary>Receives a batch's predictions, which belong to the pass, and its targets.</summary>
internal delegate void BatchReceiver(Pass pass, Tensor predicted, int first, ReadOnlySpan<float> targets);

/// <summary>Runs a model over a source, in order, batch by batch.</summary>
internal static class Inference
{
    public static void Run(
        Model model, ISampleSource samples, int batchSize, bool wantsTargets, BatchReceiver receive, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        int most = Math.Min(batchSize, samples.Count);
        float[] x = new float[most * samples.InputShape.Count];
        float[] y = new float[wantsTargets ? most * samples.TargetShape.Count : 0];
        int[] indices = new int[most];
        for (int first = 0; first < samples.Count; first += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(batchSize, samples.Count - first);
            for (int i = 0; i < count; i++)
            {
                indices[i] = first + i;
            }
            Span<float> inputs = x.AsSpan(0, (int)(count * samples.InputShape.Count));
            Span<float> targets = y.AsSpan(0, wantsTargets ? (int)(count * samples.TargetShape.Count) : 0);
            samples.Read(indices.AsSpan(0, count), inputs, targets);
            Pass pass = model.OpenPass(training: false, new RandomStream(0));
            try
            {
                receive(pass, model.Forward(pass, pass.Input(inputs, samples.InputShape.Prepend(count))), first, targets);
            }
            finally
            {
                pass.Close();
            }
        }
    }
}
