namespace Engram.Training;

/// <summary>
/// Reads batches of a source into passes, with the masks that the source has; buffers are kept from batch to batch. Where samples have lengths, the steps
/// behind the longest of a batch are cut off.
/// </summary>
internal sealed class BatchReader
{
    private readonly Model _model;
    private readonly ISampleSource _source;
    private ISampleSource _inEpoch;
    private readonly float[] _inputs, _targets;
    private readonly bool[] _mask;
    private readonly bool _wantsTargets;
    private Tensor[] _room = [];
    private float[] _inputPiece = [], _targetPiece = [];
    private bool[] _maskPiece = [];
    private (int First, int Count) _inputCut, _targetCut;
    private readonly BatchReader[] _readers = [];
    private bool _inputsAreCut, _targetsAreCut;

    /// <param name="model">The model that the batches are for.</param>
    /// <param name="source">Where samples come from.</param>
    /// <param name="mostSamples">Samples of the largest batch.</param>
    /// <param name="wantsTargets">Whether targets are read too.</param>
    public BatchReader(Model model, ISampleSource source, int mostSamples, bool wantsTargets)
    {
        (_model, _source, _inEpoch) = (model, source, source);
        if (source is SeveralSources several)
        {
            ISampleSource[] targets = wantsTargets ? several.Targets : [];
            var readers = new Dictionary<ISampleSource, BatchReader>(ReferenceEqualityComparer.Instance);
            foreach (ISampleSource one in several.Inputs.Concat(targets))
            {
                // A source that has an input and a target of the model is read once.
                readers.TryAdd(one, new BatchReader(model, one, mostSamples, Array.Exists(targets, target => ReferenceEquals(target, one))));
            }
            _readers = [.. readers.Values];
            EachInput = [.. several.Inputs.Select(input => readers[input])];
            EachTarget = [.. targets.Select(target => readers[target])];
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

    /// <summary>Readers of its targets, some of which may be among those of the inputs.</summary>
    public BatchReader[]? EachTarget { get; }

    /// <summary>Shape of a sample's input in the batch that was read last; the first input's where there are several.</summary>
    public Shape InputShape => EachInput is not null ? EachInput[0].InputShape : Remaining(_source.InputShape, _inputsAreCut);

    /// <summary>Shape of a sample's target in it.</summary>
    public Shape TargetShape => EachTarget is { Length: > 0 } ? EachTarget[0].TargetShape : Remaining(_source.TargetShape, _targetsAreCut);

    /// <summary>Steps that were cut off behind the longest sample of the batch.</summary>
    public int StepsCutOff { get; private set; }

    /// <summary>Samples in the batch that was read last.</summary>
    public int Count { get; private set; }

    /// <summary>Its inputs.</summary>
    public ReadOnlySpan<float> Inputs => InputBuffer;

    /// <summary>Its targets; empty where none are wanted.</summary>
    public ReadOnlySpan<float> Targets => TargetBuffer;

    private Span<float> InputBuffer => _inputs.AsSpan(0, (int)(Count * InputShape.Count));

    private Span<float> TargetBuffer => _targets.AsSpan(0, _wantsTargets ? (int)(Count * TargetShape.Count) : 0);

    private Span<bool> Mask => _mask.AsSpan(0, Count * InputShape[0]);

    /// <summary>Reads from now on the samples of an epoch, see <see cref="ISampleSource.InEpoch"/>.</summary>
    public void EnterEpoch(RandomStream random)
    {
        _inEpoch = _source.InEpoch(random);
        foreach (BatchReader reader in _readers)
        {
            reader.EnterEpoch(random);
        }
    }

    /// <summary>Reads inputs and targets from the source.</summary>
    public void Read(ReadOnlySpan<int> samples)
    {
        using ProfileSpan span = Profile.Measure("read batch", ProfileCategory.Data);
        int surplus = !EpochOrder.IsByLength(_source) || _model.NeedsAllSteps ? 0 : SurplusSteps(samples);
        if (_source is not SeveralSources several)
        {
            Read(samples, surplus, _source.HasStepTargets ? surplus : 0);
            return;
        }
        (Count, StepsCutOff, _inputCut, _targetCut) = (samples.Length, surplus, default, default);
        foreach (BatchReader reader in _readers)
        {
            int input = Array.IndexOf(EachInput!, reader), target = Array.IndexOf(EachTarget!, reader);
            reader.Read(samples, input >= 0 && several.InputIsCut(input) ? surplus : 0, target >= 0 && several.TargetIsCut(target) ? surplus : 0);
        }
    }

    /// <summary>Steps behind the longest of the samples.</summary>
    private int SurplusSteps(ReadOnlySpan<int> samples)
    {
        if (_source is not SeveralSources several)
        {
            return _source.InputShape[0] - Longest(samples);
        }
        int longest = 1;
        for (int i = 0; i < EachInput!.Length; i++)
        {
            longest = Math.Max(longest, several.InputIsCut(i) ? EachInput[i].Longest(samples) : 1);
        }
        return several.StepsToCut - longest;
    }

    private int Longest(ReadOnlySpan<int> samples)
    {
        int longest = 1;
        foreach (int sample in samples)
        {
            longest = Math.Max(longest, _inEpoch.StepsOf(sample));
        }
        return longest;
    }

    private void Read(ReadOnlySpan<int> samples, int inputSurplus, int targetSurplus)
    {
        (Count, StepsCutOff, _inputCut, _targetCut) = (samples.Length, Math.Max(inputSurplus, targetSurplus), default, default);
        (_inputsAreCut, _targetsAreCut) = (false, false);
        _inEpoch.Read(samples, InputBuffer, TargetBuffer);
        if (_source.HasMask)
        {
            _inEpoch.ReadMask(samples, Mask);
            RequirePadding(samples, inputSurplus);
        }
        Shorten(_inputs, _source.InputShape, inputSurplus);
        Shorten(_mask, _source.HasMask ? new Shape(_source.InputShape[0]) : default, inputSurplus);
        Shorten(_targets, _source.TargetShape, _wantsTargets ? targetSurplus : 0);
        (_inputsAreCut, _targetsAreCut) = (inputSurplus > 0, targetSurplus > 0);
        if (_source.HasMask)
        {
            ClearPadding();
        }
    }

    /// <exception cref="InvalidOperationException">What is cut off is not all padding.</exception>
    private void RequirePadding(ReadOnlySpan<int> samples, int surplus)
    {
        int steps = _source.InputShape[0];
        ReadOnlySpan<bool> mask = Mask;
        for (int row = 0; row < Count; row++)
        {
            if (mask[(row * steps)..((row + 1) * steps)][^surplus..].Contains(true))
            {
                throw new InvalidOperationException($"Sample {samples[row]} has {_inEpoch.StepsOf(samples[row])} steps by StepsOf, but its mask has a real step behind them.");
            }
        }
    }

    /// <summary>Moves the samples together, without the last steps of each.</summary>
    private void Shorten<TItem>(TItem[] values, Shape sample, int surplus)
    {
        if (surplus == 0)
        {
            return;
        }
        int step = (int)sample.WithoutFirst().Count, length = sample[0] * step, kept = length - surplus * step;
        for (int row = 1; row < Count; row++)
        {
            values.AsSpan(row * length, kept).CopyTo(values.AsSpan(row * kept));
        }
    }

    private Shape Remaining(Shape sample, bool isCut) => isCut ? sample.WithoutFirst().Prepend(sample[0] - StepsCutOff) : sample;

    /// <summary>
    /// From now on <see cref="Input"/> and <see cref="Target"/> give a piece of the time axis, so many steps from the first on, or fewer at its end. Of
    /// several inputs those without such an axis are given whole.
    /// </summary>
    public void Cut(int firstStep, int steps)
    {
        int time = InputShape[0];
        (int First, int Count) cut = _inputCut = _targetCut = (firstStep, Math.Min(steps, time - firstStep));
        if (_source is not SeveralSources several)
        {
            return;
        }
        // An axis of another length than the first input's is not the one that is cut.
        for (int i = 0; i < EachInput!.Length; i++)
        {
            if (several.InputHasTime[i] && EachInput[i].InputShape[0] == time)
            {
                EachInput[i]._inputCut = cut;
            }
        }
        for (int i = 0; i < EachTarget!.Length; i++)
        {
            if (several.TargetHasTime[i] && EachTarget[i].TargetShape[0] == time)
            {
                EachTarget[i]._targetCut = cut;
            }
        }
    }

    /// <summary>The inputs in a pass, masked where the source has a mask.</summary>
    public Tensor Input(Pass pass)
    {
        Tensor x = InPass(pass, Inputs, InputShape, _inputCut, ref _inputPiece);
        if (!_source.HasMask)
        {
            return x;
        }
        SequenceMask mask = pass.NewMask();
        mask.Refill(Piece(Mask, InputShape[0], 1, _inputCut, ref _maskPiece), x.Shape[0], x.Shape[1]);
        return pass.Masked(x, mask);
    }

    /// <summary>The targets in a pass.</summary>
    public Tensor Target(Pass pass) => InPass(pass, Targets, TargetShape, _targetCut, ref _targetPiece);

    /// <summary>Room for so many tensors of the batch's pass.</summary>
    public Span<Tensor> Room(int count)
    {
        if (_room.Length < count)
        {
            _room = new Tensor[count];
        }
        return _room.AsSpan(0, count);
    }

    private Tensor InPass(Pass pass, ReadOnlySpan<float> values, Shape sample, (int First, int Count) cut, ref float[] room)
    {
        if (cut.Count == 0)
        {
            return pass.Input(values, sample.Prepend(Count));
        }
        Shape rest = sample.WithoutFirst();
        return pass.Input(Piece(values, sample[0], (int)rest.Count, cut, ref room), rest.Prepend(cut.Count).Prepend(Count));
    }

    /// <summary>The steps of every sample that are cut out; all where none are.</summary>
    private ReadOnlySpan<TItem> Piece<TItem>(ReadOnlySpan<TItem> values, int steps, int size, (int First, int Count) cut, ref TItem[] room)
    {
        if (cut.Count == 0)
        {
            return values;
        }
        int length = cut.Count * size;
        if (room.Length < Count * length)
        {
            room = new TItem[Count * length];
        }
        for (int row = 0; row < Count; row++)
        {
            values.Slice((row * steps + cut.First) * size, length).CopyTo(room.AsSpan(row * length));
        }
        return room.AsSpan(0, Count * length);
    }

    /// <summary>Padding may hold anything, also what is no number, which no factor of zero makes harmless.</summary>
    private void ClearPadding()
    {
        int length = (int)(InputShape.Count / InputShape[0]);
        ReadOnlySpan<bool> mask = Mask;
        Span<float> inputs = InputBuffer;
        for (int step = 0; step < mask.Length; step++)
        {
            if (!mask[step])
            {
                inputs.Slice(step * length, length).Clear();
            }
        }
    }
}
