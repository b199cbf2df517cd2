namespace Engram.Training;

/// <summary>Reads batches of a source into passes, with the masks that the source has; buffers are kept from batch to batch.</summary>
internal sealed class BatchReader(ISampleSource source, int mostSamples, bool wantsTargets)
{
    private readonly float[] _inputs = new float[mostSamples * source.InputShape.Count];
    private readonly float[] _targets = new float[wantsTargets ? mostSamples * source.TargetShape.Count : 0];
    private readonly bool[] _mask = source.HasMask ? new bool[mostSamples * source.InputShape[0]] : [];
    private int _count;

    /// <summary>The targets of the batch that was read last; empty where none are wanted.</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, wantsTargets ? (int)(_count * source.TargetShape.Count) : 0);

    /// <summary>Reads inputs and targets from the source.</summary>
    public void Read(ReadOnlySpan<int> samples)
    {
        _count = samples.Length;
        source.Read(samples, Inputs, _targets.AsSpan(0, Targets.Length));
        if (source.HasMask)
        {
            source.ReadMask(samples, Mask);
            ClearPadding();
        }
    }

    /// <summary>The inputs in a pass, masked where the source has a mask.</summary>
    public Tensor Input(Pass pass)
    {
        Tensor x = pass.Input(Inputs, source.InputShape.Prepend(_count));
        if (!source.HasMask)
        {
            return x;
        }
        SequenceMask mask = pass.NewMask();
        mask.Refill(Mask, x.Shape[0], x.Shape[1]);
        return pass.Masked(x, mask);
    }

    /// <summary>The targets in a pass.</summary>
    public Tensor Target(Pass pass) => pass.Input(Targets, source.TargetShape.Prepend(_count));

    /// <summary>Padding may hold anything, also what is no number, which no factor of zero makes harmless.</summary>
    private void ClearPadding()
    {
        int length = (int)(source.InputShape.Count / source.InputShape[0]);
        for (int step = 0; step < Mask.Length; step++)
        {
            if (!Mask[step])
            {
                Inputs.Slice(step * length, length).Clear();
            }
        }
    }

    private Span<float> Inputs => _inputs.AsSpan(0, (int)(_count * source.InputShape.Count));

    private Span<bool> Mask => _mask.AsSpan(0, _count * source.InputShape[0]);
}
