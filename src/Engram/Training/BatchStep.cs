using System.Globalization;
using Engram.Backends;

namespace Engram.Training;

/// <summary>
/// What training does with a batch: loss, gradient, update. With truncated back-propagation it does so for one piece of the sequences
/// after the other, states going on from piece to piece; with carried states the first piece goes on from the last of the batch before.
/// </summary>
internal sealed class BatchStep
{
    private readonly Model _model;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly BatchReader _reader;
    private readonly ISampleSource _samples;
    private readonly TruncatedBackpropagation? _truncation;
    private readonly bool _carriesState;
    private readonly double _lossFactor;

    /// <summary>States before the last pieces that gradients flow over, in turn; the states that a batch begins with stand first.</summary>
    private readonly CarriedStates[] _states;
    private readonly CarriedStates? _working;
    private readonly List<OutputLoss> _losses = [];
    private readonly LossMean _batchLoss = new();
    private (double Sum, int Batches) _penalty;

    public BatchStep(Model model, Loss loss, Optimizer optimizer, ISampleSource samples, FitOptions options)
    {
        (_model, _loss, _optimizer, _samples) = (model, loss, optimizer, samples);
        (_truncation, _carriesState, _lossFactor) = (options.Truncation, options.CarryState, options.LossFactor);
        _reader = new BatchReader(model, samples, Math.Min(options.BatchSize, samples.Count), wantsTargets: true);
        if (_carriesState && options.Shuffle)
        {
            throw new ArgumentException("CarryState lets every sample go on from the one a batch before: samples must stay in order, so set Shuffle = false.", nameof(options));
        }
        if (_carriesState)
        {
            RequireWholeBatches(samples.Count, options.BatchSize, "training samples", nameof(options));
        }
        _states = [];
        if (_truncation is { } truncation)
        {
            RequireSteps(truncation);
            _states = new CarriedStates[truncation.BackSteps / truncation.Steps];
        }
        else if (_carriesState)
        {
            _states = new CarriedStates[1];
        }
        for (int i = 0; i < _states.Length; i++)
        {
            _states[i] = new CarriedStates(model.Device.Backend);
        }
        _working = _states.Length == 0 ? null : new CarriedStates(model.Device.Backend);
    }

    /// <summary>States can only be carried from batch to batch where each has as many samples.</summary>
    /// <exception cref="ArgumentException">The last batch is smaller than those before.</exception>
    public static void RequireWholeBatches(int samples, int batchSize, string what, string argument)
    {
        if (samples > batchSize && samples % batchSize != 0)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Carried states need whole batches, but {samples} {what} do not fill batches of {batchSize}: leave {samples % batchSize} samples out, or choose another batch size."),
                argument);
        }
    }

    /// <summary>An epoch begins: nothing is carried on from before, and penalties are counted anew.</summary>
    public void Begin()
    {
        _penalty = (0, 0);
        EpochLoss.Reset();
        _working?.Reset();
    }

    /// <summary>The samples are from now on those of an epoch, see <see cref="ISampleSource.InEpoch"/>.</summary>
    public void EnterEpoch(RandomStream random) => _reader.EnterEpoch(random);

    /// <summary>Adds what a cut in the middle of an epoch must not lose: sums over its batches, and states that go on from batch to batch.</summary>
    public void Save(CheckpointWriter checkpoint)
    {
        checkpoint.Set("position.loss", EpochLoss.Sums);
        checkpoint.Set("position.penalty", [_penalty.Sum, _penalty.Batches]);
        if (_carriesState)
        {
            _working!.Save(checkpoint);
        }
    }

    /// <summary>Takes back what <see cref="Save"/> added.</summary>
    public void Restore(CheckpointReader checkpoint)
    {
        EpochLoss.Sums = checkpoint.Numbers("position.loss", multipleOf: 3);
        double[] penalty = checkpoint.Numbers("position.penalty", multipleOf: 2);
        _penalty = penalty is [var sum, >= 0 and <= int.MaxValue and var batches] ? (sum, (int)batches) : throw checkpoint.Bad("position.penalty");
        if (_carriesState)
        {
            _working!.Restore(checkpoint);
        }
    }

    /// <summary>The loss over the batches of the epoch so far.</summary>
    public LossMean EpochLoss { get; } = new();

    /// <summary>The mean of what weights and outputs cost beside the loss; null where they cost nothing.</summary>
    public double? Penalty => _penalty.Batches == 0 ? null : _penalty.Sum / _penalty.Batches;

    /// <summary>What was not finite in the batch, so that training cannot go on; null where all was.</summary>
    public DivergenceFault? Fault { get; private set; }

    /// <summary>Whether <see cref="Gradients"/> are wanted of the next batch.</summary>
    public bool MeasuresGradients { get; set; }

    /// <summary>The gradients of the batch, of its last piece where it is trained on in pieces; empty where they were not wanted.</summary>
    public IReadOnlyList<LayerGradient> Gradients { get; private set; } = [];

    /// <returns>The batch's loss.</returns>
    public double Run(ReadOnlySpan<int> samples, RandomStream random)
    {
        using ProfileSpan span = Profile.Measure("training step");
        _reader.Read(samples);
        Fault = null;
        if (_carriesState)
        {
            _working!.ResetWhereSequencesStart(_samples, samples);
        }
        else
        {
            _working?.Reset();
        }
        _batchLoss.Reset();
        Gradients = [];
        int pieces = _truncation is { } truncation ? (Math.Max(1, _reader.InputShape[0]) - 1) / truncation.Steps + 1 : 1;
        for (int piece = 0; piece < pieces; piece++)
        {
            RandomStream ofPiece = _truncation is null ? random : random.Derive(piece);
            double loss = Step(samples, ofPiece, Math.Max(0, piece + 1 - Math.Max(1, _states.Length)), piece);
            if (Fault is not null)
            {
                return loss;
            }
        }
        EpochLoss.Add(_batchLoss);
        return _batchLoss.Value;
    }

    /// <summary>One update by the loss over a piece, with gradients from an earlier piece on.</summary>
    /// <returns>The loss over the last piece.</returns>
    private double Step(ReadOnlySpan<int> samples, RandomStream random, int firstPiece, int lastPiece)
    {
        Pass pass = _model.OpenPass(training: true, random);
        try
        {
            pass.SetSampleIndices(samples);
            if (_working is not null)
            {
                if (_truncation is not null && lastPiece > 0)
                {
                    _working.CopyFrom(_states[firstPiece % _states.Length]);
                }
                pass.Carry(_working);
            }
            Tensor loss = default;
            for (int piece = firstPiece; piece <= lastPiece; piece++)
            {
                if (_truncation is not null)
                {
                    _reader.Cut(piece * _truncation.Steps, _truncation.Steps);
                    _states[piece % _states.Length].CopyFrom(_working!);
                }
                _working?.BeginForward();
                pass.ActivityPenalties.Clear(); // as the loss, of the last piece alone
                _losses.Clear();
                using ProfileSpan span = Profile.Measure("forward");
                loss = _model.BatchLoss(pass, _loss, _reader, _losses);
            }
            if (_truncation is not null)
            {
                _states[(lastPiece + 1) % _states.Length].CopyFrom(_working!);
            }
            double value = loss.ToScalar();
            _batchLoss.Add(_losses);
            // Layers, which know what their inputs mean, have had their say by now.
            if (lastPiece == 0 && Divergence.InInputs(_reader, samples) is { } fault)
            {
                Fault = fault;
            }
            else if (!double.IsFinite(value))
            {
                Fault = Divergence.OfLoss(value, pass, _model, _reader, samples);
            }
            else if (_losses.Exists(one => one.Weight > 0))
            {
                Tensor total = Penalize(pass, loss);
                pass.Backward(_lossFactor == 1 ? total : pass.Scale(total, _lossFactor));
                Update();
            }
            return value;
        }
        finally
        {
            pass.Close();
        }
    }

    /// <summary>A step by the gradients, unless they are not finite: the weights are then as they were.</summary>
    private void Update()
    {
        IBackend backend = _model.Device.Backend;
        if (MeasuresGradients)
        {
            Gradients = LayerGradient.Measure(backend, _model.Parameters);
        }
        if ((Fault = Divergence.InGradients(backend, _model.Parameters)) is null)
        {
            _optimizer.Step(_model);
            Fault = Divergence.InWeights(backend, _model.Parameters);
        }
    }

    /// <summary>Adds what weights and outputs cost beside the loss.</summary>
    private Tensor Penalize(Pass pass, Tensor loss)
    {
        if (pass.WeightPenalties.Count + pass.ActivityPenalties.Count == 0)
        {
            return loss;
        }
        Tensor penalty = pass.Penalty();
        _penalty = (_penalty.Sum + penalty.ToScalar(), _penalty.Batches + 1);
        return pass.Add(loss, penalty);
    }

    private void RequireSteps(TruncatedBackpropagation truncation)
    {
        Shape input = _samples.InputShape, target = _samples.TargetShape;
        if (input.Rank == 0 || target.Rank == 0 || input[0] != target[0])
        {
            throw new ShapeException(
                $"Truncated back-propagation ({truncation}) needs a target for every step: inputs [time, …] and targets [time, …], but samples have {input} and {target}. "
                + "Let the last recurrent layer return its whole sequence and give one target a step.");
        }
    }
}
