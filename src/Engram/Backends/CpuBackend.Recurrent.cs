using System.Collections.Concurrent;

namespace Engram.Backends;

/// <content>Recurrent layers: which walk computes a cell.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    private readonly ConcurrentDictionary<RecurrentCell, CpuRecurrence<T, L>> _recurrences = new();

    /// <inheritdoc/>
    public RecurrentWeights PrepareRecurrent(in RecurrentSpec spec, in RecurrentParameters<Storage> parameters, RecurrentWeights? reuse) =>
        Recurrence(spec.Cell).Prepare(spec, parameters, reuse);

    /// <inheritdoc/>
    public RecurrentStepper CreateStepper(in StepperSpec spec) => Recurrence(spec.Layer.Cell).CreateStepper(spec);

    /// <inheritdoc/>
    public RecurrentSaved? RecurrentForward(in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, bool forGradient) =>
        Recurrence(spec.Cell).Forward(spec, weights, arguments, forGradient);

    /// <inheritdoc/>
    public void RecurrentBackward(
        in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, RecurrentSaved saved, in RecurrentGradients gradients) =>
        Recurrence(spec.Cell).Backward(spec, weights, arguments, saved, gradients);

    internal BufferPool<T> Pool => _pool;

    internal Workers Workers => _workers;

    private CpuRecurrence<T, L> Recurrence(RecurrentCell cell) =>
        _recurrences.TryGetValue(cell, out CpuRecurrence<T, L>? recurrence) ? recurrence : _recurrences.GetOrAdd(cell, cell.OnCpu(this));
}
