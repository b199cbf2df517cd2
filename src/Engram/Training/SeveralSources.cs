namespace Engram.Training;

/// <summary>Samples for a model with several inputs or outputs: a source for each of them.</summary>
internal sealed class SeveralSources : ISampleSource
{
    /// <summary>Sources whose inputs, and sources whose targets, the model takes; one may be among both.</summary>
    public SeveralSources(IReadOnlyList<ISampleSource> inputs, IReadOnlyList<ISampleSource> targets)
    {
        if (inputs.Count == 0)
        {
            throw new ArgumentException("There is not one input.", nameof(inputs));
        }
        (Inputs, Targets) = ([.. inputs], [.. targets]);
        foreach (ISampleSource source in Inputs.Concat(Targets))
        {
            ArgumentNullException.ThrowIfNull(source);
            if (source is SeveralSources)
            {
                throw new ArgumentException("One of these sources has lists of inputs and targets itself. Give its parts.", nameof(inputs));
            }
            if (source.Count != Count)
            {
                throw new ShapeException($"The first input has {Count} samples, another input or target has {source.Count}; all must have as many.");
            }
        }
    }

    /// <summary>Sources whose inputs are those of the model.</summary>
    public ISampleSource[] Inputs { get; }

    /// <summary>Sources whose targets are those of the model's outputs.</summary>
    public ISampleSource[] Targets { get; }

    /// <summary>Which inputs have a time axis, the first of their sample; none before the model has told.</summary>
    public bool[] InputHasTime { get; private set; } = [];

    /// <summary>Which targets have one.</summary>
    public bool[] TargetHasTime { get; private set; } = [];

    public int Count => Inputs[0].Count;

    /// <summary>The first input's.</summary>
    public Shape InputShape => Inputs[0].InputShape;

    /// <summary>The first target's.</summary>
    public Shape TargetShape => Targets.Length == 0 ? default : Targets[0].TargetShape;

    /// <summary>Arrays, and the masks of the inputs.</summary>
    public static SeveralSources Of(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y, IReadOnlyList<SequenceMask?>? masks)
    {
        if (masks is not null && masks.Count != x.Count)
        {
            throw new ArgumentException($"There are {x.Count} inputs but {masks.Count} masks. Give one for each, null where all steps are real.", nameof(masks));
        }
        return new SeveralSources([.. x.Select((tensor, i) => new ArraySource(tensor, masks?[i]))], [.. y.Select(ArraySource.OfTargets)]);
    }

    /// <summary>
    /// Steps of the time axis that is cut behind the longest sample of a batch: that of the first input with lengths. 0 where there is none, or where another
    /// input has as many steps and no lengths.
    /// </summary>
    public int StepsToCut { get; private set; }

    public bool HasLengths => StepsToCut > 0;

    public int StepsOf(int sample)
    {
        int steps = 0;
        for (int i = 0; i < Inputs.Length; i++)
        {
            if (InputIsCut(i))
            {
                steps = Math.Max(steps, Inputs[i].StepsOf(sample));
            }
        }
        return steps;
    }

    /// <summary>Whether an input has the time axis that is cut.</summary>
    public bool InputIsCut(int input) => StepsToCut > 0 && InputHasTime[input] && Inputs[input].InputShape[0] == StepsToCut;

    /// <summary>Whether a target has it.</summary>
    public bool TargetIsCut(int target) => StepsToCut > 0 && TargetHasTime[target] && Targets[target].TargetShape[0] == StepsToCut;

    /// <summary>Receives from the model which inputs and outputs have a time axis; an input with a mask has one in any case.</summary>
    public void TellTime(bool[] inputs, bool[] outputs)
    {
        (InputHasTime, TargetHasTime) = ([.. inputs.Select((hasTime, i) => hasTime || Inputs[i].HasMask || Inputs[i] is ArraySource { IsMasked: true })], outputs);
        int steps = Inputs.FirstOrDefault(EpochOrder.IsByLength)?.InputShape[0] ?? 0;
        StepsToCut = Inputs.Where((input, i) => InputHasTime[i] && input.InputShape[0] == steps).All(EpochOrder.IsByLength) ? steps : 0;
    }

    /// <summary>Throws where samples for validation are not of the kind of those for training.</summary>
    /// <exception cref="ArgumentException">One are lists and the other are not, or their lengths differ.</exception>
    public static void RequireSameKind(ISampleSource training, ISampleSource validation)
    {
        (SeveralSources? ours, SeveralSources? theirs) = (training as SeveralSources, validation as SeveralSources);
        if ((ours is null) != (theirs is null))
        {
            throw new ArgumentException(ours is null
                ? "The model is trained on one array of inputs, but validated on lists of them. Give ValidationData, or a source of one input."
                : "The model is trained on lists of inputs and targets, but validated on one array of each. Give ValidationSource = Graph.Samples([x, …], [y, …]).");
        }
        if (ours is not null && (ours.Inputs.Length != theirs!.Inputs.Length || ours.Targets.Length != theirs.Targets.Length))
        {
            throw new ArgumentException(
                $"There are {ours.Inputs.Length} inputs and {ours.Targets.Length} targets to train on, but {theirs.Inputs.Length} and {theirs.Targets.Length} to validate on. Give as many.");
        }
    }

    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets) =>
        throw new NotSupportedException("These samples are for a model with several inputs or outputs.");

    /// <summary>Whether one of the inputs says so: the states of all recurrent layers start from zero there.</summary>
    public bool StartsSequence(int sample) => Array.Exists(Inputs, input => input.StartsSequence(sample));

    public string Fingerprint() => SampleFingerprint.Of([.. Inputs.Select(input => input.Fingerprint()), "→", .. Targets.Select(target => target.Fingerprint())]);
}
