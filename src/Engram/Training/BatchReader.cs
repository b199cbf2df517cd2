namespace Engram.Training;

/// <summary>Reads batches of a source into passes, with the masks that the source has; buffers are kept from batch to batch.</summary>
internal sealed class BatchReader
{
    private readonly ISampleSource _source;
    private readonly float[] _inputs, _targets;
    private readonly bool[] _mask;
    private readonly bool _wantsTargets;
    private Tensor[] _room = [];
    private float[] _inputPiece = [], _targetPiece = [];
    private bool[] _maskPiece = [];
    private (int First, int Count) _piece;

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
        _piece = default;
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

    /// <summary>
    /// From now on <see cref="Input"/> and <see cref="Target"/> give a piece of the time axis, so many steps from the first on, or fewer at its end. Of
    /// several inputs those without such an axis are given whole.
    /// </summary>
    public void Cut(int firstStep, int steps)
    {
        int time = _source.InputShape[0];
        _piece = (firstStep, Math.Min(steps, time - firstStep));
        if (_source is SeveralSources several)
        {
            CutEach(EachInput!, several.InputHasTime, time);
            CutEach(EachTarget!, several.TargetHasTime, time);
        }
    }

    /// <summary>The inputs in a pass, masked where the source has a mask.</summary>
    public Tensor Input(Pass pass)
    {
        Tensor x = InPass(pass, Inputs, _source.InputShape, ref _inputPiece);
        if (!_source.HasMask)
        {
            return x;
        }
        SequenceMask mask = pass.NewMask();
        mask.Refill(Piece(Mask, _source.InputShape[0], 1, ref _maskPiece), x.Shape[0], x.Shape[1]);
        return pass.Masked(x, mask);
    }

    /// <summary>The targets in a pass.</summary>
    public Tensor Target(Pass pass) => InPass(pass, Targets, _source.TargetShape, ref _targetPiece);

    /// <summary>Room for so many tensors of the batch's pass.</summary>
    public Span<Tensor> Room(int count)
    {
        if (_room.Length < count)
        {
            _room = new Tensor[count];
        }
        return _room.AsSpan(0, count);
    }

    /// <summary>An axis of another length than the first input's is not the one that is cut.</summary>
    private void CutEach(BatchReader[] readers, bool[] hasTime, int time)
    {
        for (int i = 0; i < readers.Length; i++)
        {
            if (hasTime[i] && readers[i]._source.InputShape[0] == time)
            {
                readers[i]._piece = _piece;
            }
        }
    }

    private Tensor InPass(Pass pass, ReadOnlySpan<float> values, Shape sample, ref float[] room)
    {
        if (_piece.Count == 0)
        {
            return pass.Input(values, sample.Prepend(Count));
        }
        Shape rest = sample.WithoutFirst();
        return pass.Input(Piece(values, sample[0], (int)rest.Count, ref room), rest.Prepend(_piece.Count).Prepend(Count));
    }

    /// <summary>The piece's steps of every sample.</summary>
    private ReadOnlySpan<TItem> Piece<TItem>(ReadOnlySpan<TItem> values, int steps, int size, ref TItem[] room)
    {
        if (_piece.Count == 0)
        {
            return values;
        }
        int length = _piece.Count * size;
        if (room.Length < Count * length)
        {
            room = new TItem[Count * length];
        }
        for (int row = 0; row < Count; row++)
        {
            values.Slice((row * steps + _piece.First) * size, length).CopyTo(room.AsSpan(row * length));
        }
        return room.AsSpan(0, Count * length);
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
