using System.Globalization;

namespace Engram.Training;

/// <summary>
/// Trains the last layers alone at first and thaws one group after the other, from the output down to the input, so that what lower layers have learnt before is not
/// lost to the first, rough gradients (Howard &amp; Ruder 2018, ULMFiT). Learning rates by layer are <see cref="ParameterGroup"/>s of the optimizer.
/// </summary>
/// <remarks>
/// Which weights are held still follows from the epoch alone, so that a run goes on exactly where it was cut. Weights that were not trainable before stay so all the
/// time, and when training has ended every weight is as trainable as it was.
/// </remarks>
public sealed class GradualUnfreezing : Callback
{
    private List<(Parameter Parameter, int Group)> _frozen = [];

    /// <summary>Gradual unfreezing.</summary>
    /// <param name="epochsPerGroup">Epochs after which the next group is thawed, at least 1.</param>
    /// <param name="groups">
    /// Names of layers, group by group: the first is trained from the start, the second is thawed next. Layers that are in no group are trained from the start.
    /// Null, the default: each layer with weights is a group, the last layer of the model the first.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one epoch.</exception>
    public GradualUnfreezing(int epochsPerGroup = 1, IReadOnlyList<IReadOnlyList<string>>? groups = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochsPerGroup, 1);
        (EpochsPerGroup, Groups) = (epochsPerGroup, groups);
    }

    /// <summary>Epochs after which the next group is thawed.</summary>
    public int EpochsPerGroup { get; }

    /// <summary>Names of layers, group by group; null where each layer is a group.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Groups { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model has no layer of a name.</exception>
    public override void OnTrainingStart(TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _frozen = [.. GroupsOf(context.Model).SelectMany((layers, group) => layers.SelectMany(layer => layer.Parameters).Where(parameter => parameter.IsTrainable).Select(parameter => (parameter, group)))];
        Apply(context.History.Epochs.Count);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        Apply(epoch.Epoch);
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingContext context)
    {
        foreach ((Parameter parameter, _) in _frozen)
        {
            parameter.IsTrainable = true;
        }
        _frozen = [];
    }

    internal override string? Settings => string.Create(
        CultureInfo.InvariantCulture, $"a group every {EpochsPerGroup} epochs: {(Groups is null ? "layer by layer" : string.Join(" | ", Groups.Select(group => string.Join(' ', group))))}");

    private void Apply(int epochsDone)
    {
        foreach ((Parameter parameter, int group) in _frozen)
        {
            parameter.IsTrainable = group <= epochsDone / EpochsPerGroup;
        }
    }

    private IEnumerable<IEnumerable<Layer>> GroupsOf(Model model) => Groups is null
        ? model.Layers.Where(layer => layer.Parameters.Count > 0).Reverse().Select(layer => new[] { layer })
        : [.. Groups.Select(group => group.Select(name => model.Layers.FirstOrDefault(layer => layer.Name == name)
            ?? throw new ArgumentException($"Gradual unfreezing names a layer «{name}», but the model has {string.Join(", ", model.Layers.Select(layer => layer.Name))}.")).ToArray())];
}
