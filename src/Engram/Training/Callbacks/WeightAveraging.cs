using System.Globalization;
using Engram.Backends;
using Engram.Optimizers;

namespace Engram.Training;

/// <summary>
/// Averages the weights while they are trained. It is the averages that are measured, compared and saved after an epoch, and that the
/// model has when training has ended; training itself goes on from the plain weights.
/// <code>
///   exponential   a ← a + (1 − d)(w − a)  after every batch, a = w after the first      (Polyak averaging)
///   uniform       a = mean of w at the ends of epochs from the n-th on                  (stochastic weight averaging)
/// </code>
/// </summary>
public sealed class WeightAveraging : Callback, IWeightAverage
{
    private readonly double? _decay;
    private readonly int _fromEpoch;
    private Dictionary<Parameter, Storage> _averages = [];
    private int _count;

    private WeightAveraging(double? decay, int fromEpoch) => (_decay, _fromEpoch) = (decay, fromEpoch);

    /// <summary>Whether there are averages yet.</summary>
    public bool IsAveraging => _count > 0;

    /// <summary>A mean in which older weights fade.</summary>
    /// <param name="decay">d, in [0, 1): by so much they fade at every batch; 0.999 by default, a memory of about a thousand batches.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is outside its range.</exception>
    public static WeightAveraging Exponential(double decay = 0.999) => decay >= 0 && decay < 1 ? new WeightAveraging(decay, 1)
        : throw new ArgumentOutOfRangeException(nameof(decay), decay, "A decay is at least 0 and below 1.");

    /// <summary>The plain mean of the weights at the ends of epochs (Izmailov et al. 2018).</summary>
    /// <param name="fromEpoch">The first epoch that counts, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static WeightAveraging Uniform(int fromEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromEpoch, 1);
        return new WeightAveraging(null, fromEpoch);
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingContext context, in FitProgress progress)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_decay is null && (progress.Batch < progress.Batches || progress.Epoch < _fromEpoch))
        {
            return;
        }
        _count++;
        double share = _count == 1 ? 1 : _decay is { } decay ? 1 - decay : 1.0 / _count;
        IBackend backend = context.Model.Device.Backend;
        IReadOnlyList<Parameter> parameters = context.Model.Parameters;
        for (int i = 0; i < parameters.Count; i++)
        {
            backend.Average(Average(backend, parameters[i]), parameters[i].Value, share, parameters[i].Shape.Count);
        }
    }

    void IWeightAverage.Forget() => (_averages, _count) = ([], 0);

    void IWeightAverage.Swap(Model model)
    {
        foreach (Parameter parameter in model.Parameters)
        {
            parameter.Exchange(Average(model.Device.Backend, parameter));
        }
    }

    internal override string? Settings => string.Create(
        CultureInfo.InvariantCulture, $"{(_decay is { } decay ? $"exponential {decay:R}" : $"uniform from epoch {_fromEpoch}")}");

    internal override void Save(CheckpointWriter checkpoint)
    {
        checkpoint.Set("weightAveraging.count", _count.ToString(CultureInfo.InvariantCulture));
        foreach ((Parameter parameter, Storage average) in _averages)
        {
            float[] values = new float[parameter.Shape.Count];
            checkpoint.Model.Device.Backend.Read(average, values);
            checkpoint.Add("average." + parameter.Name, parameter.Shape, values);
        }
    }

    internal override void Restore(CheckpointReader checkpoint)
    {
        (_averages, _count) = ([], checkpoint.Integer("weightAveraging.count"));
        IBackend backend = checkpoint.Model.Device.Backend;
        foreach (Parameter parameter in _count > 0 ? checkpoint.Model.Parameters : [])
        {
            backend.Write(Average(backend, parameter), checkpoint.Array("average." + parameter.Name, parameter.Shape));
        }
    }

    private Storage Average(IBackend backend, Parameter parameter)
    {
        if (!_averages.TryGetValue(parameter, out Storage? average))
        {
            _averages.Add(parameter, average = backend.Rent(parameter.Shape.Count));
        }
        return average;
    }
}
