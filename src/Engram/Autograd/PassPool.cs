using Engram.Backends;

namespace Engram.Autograd;

/// <summary>Passes that have ended, kept with their ops and lists for the next.</summary>
internal sealed class PassPool(IBackend backend)
{
    private readonly Stack<Pass> _free = new();

    /// <summary>Opens a pass; the caller closes it.</summary>
    public Pass Open(bool training, bool recordsGradients, RandomStream random, RandomStream? initialWeights = null)
    {
        Pass? pass;
        lock (_free)
        {
            _free.TryPop(out pass);
        }
        pass ??= new Pass(this, backend);
        pass.Open(training, recordsGradients, random, initialWeights);
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
