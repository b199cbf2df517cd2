using System.Globalization;
using Engram.Backends;
using Engram.Optimizers;
using Engram.Training;

namespace Engram;

/// <summary>
/// Stochastic gradient descent whose result is the mean of the weights from some step T on (Polyak &amp; Juditsky 1992):
/// <code>
///   w ← w − η g,   a = (w_T + … + wₜ) / (t − T + 1)
/// </code>
/// Either T is given, or it is found in training: with <see cref="NonMonotoneInterval"/> n averaging begins after the first epoch whose
/// validation loss, or training loss where there is no validation, is above the least of all but the last n epochs before it, so
/// that plain steps bring no more (NT-ASGD, Merity et al. 2018, algorithm 1). From then on it is the averages that are measured,
/// compared and saved in <c>Fit</c>, and that the model has when training has ended; a loop of one's own calls <see cref="UseAverages"/>.
/// <para>
/// Every <c>Fit</c> that does not resume another averages anew, from the weights that the model has then: T counts from its first step. Weights that are thawed
/// later are averaged from their first step on; those that are frozen again count as they stand.
/// </para>
/// </summary>
public sealed class AveragedSgd : Optimizer, IWeightAverage
{
    private readonly long _averageFrom;

    /// <summary>How many steps' weights the average of a parameter is of; only of those that have one.</summary>
    private readonly Dictionary<Parameter, long> _counts = [];

    /// <summary>Averaged SGD.</summary>
    /// <param name="learningRate">η, above 0; 0.01 by default.</param>
    /// <param name="averageFrom">T, the first step whose weights count, at least 1, the default; without effect where <see cref="NonMonotoneInterval"/> is set.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public AveragedSgd(double learningRate = 0.01, long averageFrom = 1)
        : base(learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(averageFrom, 1);
        AverageFrom = _averageFrom = averageFrom;
    }

    /// <summary>T, the first of all <see cref="Optimizer.Steps"/> whose weights count; null as long as <see cref="NonMonotoneInterval"/> has not found it.</summary>
    public long? AverageFrom { get; private set; }

    /// <summary>n of NT-ASGD, at least 1 (Merity et al. take 5); null, the default, averages from a given step on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? NonMonotoneInterval
    {
        get;
        init
        {
            if (value is { } interval)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1, nameof(value));
                AverageFrom = null;
            }
            field = value;
        }
    }

    /// <summary>Whether there are averages yet.</summary>
    public bool IsAveraging => _counts.Count > 0;

    /// <inheritdoc/>
    public override string Name => "averaged_sgd";

    internal override IReadOnlyList<string> SlotNames { get; } = ["average"];

    /// <summary>Exchanges the weights with their averages, where there are any; a second call undoes the first.</summary>
    /// <param name="model">The model that this optimizer trains.</param>
    public void UseAverages(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (Parameter parameter in model.Parameters)
        {
            if (_counts.ContainsKey(parameter))
            {
                parameter.Exchange(Slots(model.Device.Backend, parameter)[0]);
            }
        }
    }

    void IWeightAverage.Swap(Model model) => UseAverages(model);

    void IWeightAverage.Forget() => ForgetAverages();

    internal override void OnEpochEnd(Model model, History history)
    {
        if (NonMonotoneInterval is not { } interval || AverageFrom is not null || !IsStuck(history, interval))
        {
            return;
        }
        AverageFrom = Steps;
        FinishStep(model.Device.Backend, model.Parameters);
    }

    internal override Action Remember(Model model)
    {
        (Action restore, long? first, KeyValuePair<Parameter, long>[] counts) = (base.Remember(model), AverageFrom, [.. _counts]);
        return () =>
        {
            restore();
            AverageFrom = first;
            _counts.Clear();
            foreach ((Parameter parameter, long count) in counts)
            {
                _counts.Add(parameter, count);
            }
        };
    }

    internal override void Save(CheckpointWriter checkpoint)
    {
        checkpoint.Set("averagedSgd.from", (AverageFrom ?? 0).ToString(CultureInfo.InvariantCulture));
        foreach (Parameter parameter in checkpoint.Model.Parameters)
        {
            checkpoint.Set(CountKey(parameter), _counts.GetValueOrDefault(parameter).ToString(CultureInfo.InvariantCulture));
        }
    }

    // Checkpoints of the first version have one count for all weights.
    internal override void Restore(CheckpointReader checkpoint)
    {
        AverageFrom = checkpoint.Long("averagedSgd.from") is > 0 and var first ? first : null;
        _counts.Clear();
        foreach (Parameter parameter in checkpoint.Model.Parameters)
        {
            long count = checkpoint.Has(CountKey(parameter)) ? checkpoint.Long(CountKey(parameter))
                : AverageFrom is { } from && Trains(parameter) ? Math.Max(0, Steps - from + 1) : 0;
            if (count > 0)
            {
                _counts.Add(parameter, count);
            }
        }
    }

    private protected override IEnumerable<string> Settings =>
        [NonMonotoneInterval is { } interval ? Text($"non-monotone interval {interval}") : Text($"averages from step {_averageFrom}")];

    private protected override void Forget()
    {
        base.Forget();
        ForgetAverages();
    }

    private protected override void Update(IBackend backend, Parameter parameter, Storage[] slots, in StepSize size) =>
        backend.SgdStep(parameter.Value, parameter.Gradient, null, parameter.Shape.Count, new SgdStep(size, 0, false));

    // Weights that had no gradient stayed as they are, and count as such.
    private protected override void FinishStep(IBackend backend, IReadOnlyList<Parameter> parameters)
    {
        if (AverageFrom is not { } first || Steps < first)
        {
            return;
        }
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            long count = _counts.GetValueOrDefault(parameter);
            if (count > 0 || Trains(parameter))
            {
                _counts[parameter] = ++count;
                backend.Average(Slots(backend, parameter)[0], parameter.Value, 1.0 / count, parameter.Shape.Count);
            }
        }
    }

    // The slots may hold an earlier training's weights, or its averages.
    private void ForgetAverages()
    {
        AverageFrom = NonMonotoneInterval is null ? Steps + _averageFrom : null;
        _counts.Clear();
    }

    private static string CountKey(Parameter parameter) => "averagedSgd.count." + parameter.Name;

    /// <summary>Whether the last epoch is worse than the best of those more than n epochs before it.</summary>
    private static bool IsStuck(History history, int interval)
    {
        IReadOnlyList<EpochResult> epochs = history.Epochs;
        int before = epochs.Count - 1 - interval;
        double best = double.PositiveInfinity;
        for (int i = 0; i < before; i++)
        {
            best = Math.Min(best, epochs[i].ValidationLoss ?? epochs[i].Loss);
        }
        return before > 0 && (epochs[^1].ValidationLoss ?? epochs[^1].Loss) > best;
    }
}
