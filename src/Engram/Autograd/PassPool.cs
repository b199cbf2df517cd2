using Engram.Backends;

namespace Engram.Autograd;

/// <summary>Passes that have ended, kept with their ops and lists for the next.</summary>
internal sealed class PassPool(IBackend backend)
{
    private readonly Stack<Pass> _free = new();

    /// <summary>Opens a pass; the caller closes it.</summary>
    /// <param name="training">Whether dropout is active.</param>
    /// <param name="recordsGradients">Whether operations are recorded.</param>
    /// <param name="random">Where dropout draws from.</param>
    /// <param name="initialWeights">Where weights are drawn from; null where there are none to make.</param>
    /// <param name="parameters">What a backward walk of this pass leaves gradients in, those of earlier walks forgotten.</param>
    public Pass Open(
        bool training, bool recordsGradients, RandomStream random, RandomStream? initialWeights = null, IReadOnlyList<Parameter>? parameters = null)
    {
        Pass? pass;
        lock (_free)
        {
            _free.TryPop(out pass);
        }
        pass ??= new Pass(this, backend);
        pass.Open(training, recordsGradients, random, initialWeights, parameters ?? []);
        return pass;
    }

    public void Return(Pass pass)
    {
        lock (_free)
        {
            _free.Push(pass);
        }
    }
}
