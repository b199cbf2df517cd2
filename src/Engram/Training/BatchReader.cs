namespace Engram.Training;

/// <summary>Reads batches of a source into passes, with the masks that the source has; buffers are kept from batch to batch.</summary>
internal sealed class BatchReader
{
    private readonly ISampleSource _source;
    private readonly float[] _inputs, _targets;
    private readonly bool[] _mask;
    private readonly bool _wantsTargets;
    private Tensor[] _room = [];

    /// <param name="source">Where samples come from.</param>
    /// <param name="mostSamples">Samples of the largest batch.</param>
    /// <param name="wantsTargets">Whether targets are read too.</param>
    public BatchReader(ISampleSource source, int mostSamples, bool wantsTargets)
    {
        _source = source;
        if (source is SeveralSources several)
        {
            EachInput = [.. several.Inputs.Select(input => new BatchReader(input, mostSamples, wantsTargets: false))];
            EachTarget = wantsTargets ? [.. several.Targets.Select(target => new BatchReader(target, mostSamples, wantsTargets: false))] : [];
            (_inputs, _targets, _mask) = ([], [], []);
            return;
        }
        _wantsTargets = wantsTargets;
        _inputs = new float[mostSamples * source.InputShape.Count];
        _targets = new float[wantsTargets ? mostSamples * source.TargetShape.Count : 0];
        _mask = source.HasMask ? new bool[mostSamples * source.InputShape[0]] : [];
    }

    /// <summary>Readers of the inputs of a model that has several; null where the source is for one input and one output.</summary>
    public BatchReader[]? EachInput { get; }

    /// <summary>Readers, as of inputs, of its targets.</summary>
    public BatchReader[]? EachTarget { get; }

    /// <summary>Samples in the batch that was read last.</summary>
    public int Count { get; private set; }

    /// <summary>Its inputs.</summary>
    public ReadOnlySpan<float> Inputs => InputBuffer;

    /// <summary>Its targets; empty where none are wanted.</summary>
    public ReadOnlySpan<float> Targets => TargetBuffer;

    private Span<float> InputBuffer => _inputs.AsSpan(0, (int)(Count * _source.InputShape.Count));

    private Span<float> TargetBuffer => _targets.AsSpan(0, _wantsTargets ? (int)(Count * _source.TargetShape.Count) : 0);

    private Span<bool> Mask => _mask.AsSpan(0, Count * _source.InputShape[0]);

    /// <summary>Reads inputs and targets from the source.</summary>
    public void Read(ReadOnlySpan<int> samples)
    {
        Count = samples.Length;
        if (EachInput is not null)
        {
            ReadEach(EachInput, samples);
            ReadEach(EachTarget!, samples);
            return;
        }
        _source.Read(samples, InputBuffer, TargetBuffer);
        if (_source.HasMask)
        {
            _source.ReadMask(samples, Mask);
            ClearPadding();
        }
    }

    /// <summary>The inputs in a pass, masked where the source has a mask.</summary>
    public Tensor Input(Pass pass)
    {
        Tensor x = pass.Input(Inputs, _source.InputShape.Prepend(Count));
        if (!_source.HasMask)
        {
            return x;
        }
        SequenceMask mask = pass.NewMask();
        mask.Refill(Mask, x.Shape[0], x.Shape[1]);
        return pass.Masked(x, mask);
    }

    /// <summary>The targets in a pass.</summary>
    public Tensor Target(Pass pass) => pass.Input(Targets, _source.TargetShape.Prepend(Count));

    /// <summary>Room for so many tensors of the batch's pass.</summary>
    public Span<Tensor> Room(int count)
    {
        if (_room.Length < count)
        {
            _room = new Tensor[count];
        }
        return _room.AsSpan(0, count);
    }

    private static void ReadEach(BatchReader[] readers, ReadOnlySpan<int> samples)
    {
        foreach (BatchReader reader in readers)
        {
            reader.Read(samples);
        }
    }

    /// <summary>Padding may hold anything, also what is no number, which no factor of zero makes harmless.</summary>
    private void ClearPadding()
    {
        int length = (int)(_source.InputShape.Count / _source.InputShape[0]);
        for (int step = 0; step < Mask.Length; step++)
        {
            if (!Mask[step])
            {
                InputBuffer.Slice(step * length, length).Clear();
            }
        }
    }
}
