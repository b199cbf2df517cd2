using Engram.Backends;

namespace Engram.Layers;

/// <summary>
/// The packed weights of a recurrent layer. Those of parameters are made again only when a parameter has changed; those of tensors that
/// a pass computes, as with dropped weights, are made for one use and their memory is kept for the next.
/// </summary>
internal sealed class RecurrentCache
{
    private readonly Lock _lock = new();
    private readonly Stack<RecurrentWeights> _free = new();
    private RecurrentWeights? _weights;
    private (long, long, long, long, long) _versions = (-1, -1, -1, -1, -1);

    /// <summary>Packed weights, and whether they must be given back by <see cref="Return"/>.</summary>
    public (RecurrentWeights Weights, bool IsLent) Get(Pass pass, in RecurrentSpec spec, in RecurrentParameters<Tensor> parameters)
    {
        var storages = new RecurrentParameters<Storage>(
            parameters.Kernel.Body.Storage!, parameters.RecurrentKernel.Body.Storage!, Memory(parameters.Bias), Memory(parameters.Vectors), Memory(parameters.Projection));
        var versions = (
            Version(parameters.Kernel), Version(parameters.RecurrentKernel), Version(parameters.Bias), Version(parameters.Vectors), Version(parameters.Projection));
        if (versions.Item1 >= 0 && versions.Item2 >= 0)
        {
            return (Fresh(pass.Backend, spec, storages, versions), false);
        }
        lock (_lock)
        {
            using ProfileSpan span = Profile.Measure("pack weights", ProfileCategory.Copying);
            _free.TryPop(out RecurrentWeights? lent);
            return (pass.Backend.PrepareRecurrent(spec, storages, lent), true);
        }
    }

    /// <summary>Packed weights of parameters.</summary>
    public RecurrentWeights Get(IBackend backend, in RecurrentSpec spec, in RecurrentParameters<Parameter> parameters) => Fresh(
        backend, spec,
        new RecurrentParameters<Storage>(
            parameters.Kernel.Value, parameters.RecurrentKernel.Value, parameters.Bias?.Value, parameters.Vectors?.Value, parameters.Projection?.Value),
        (parameters.Kernel.Version, parameters.RecurrentKernel.Version, parameters.Bias?.Version ?? 0, parameters.Vectors?.Version ?? 0, parameters.Projection?.Version ?? 0));

    /// <summary>Takes back what was lent.</summary>
    public void Return(RecurrentWeights weights)
    {
        lock (_lock)
        {
            _free.Push(weights);
        }
    }

    private RecurrentWeights Fresh(
        IBackend backend, in RecurrentSpec spec, in RecurrentParameters<Storage> storages, (long, long, long, long, long) versions)
    {
        lock (_lock)
        {
            if (_weights is not { IsWhole: true } || _versions != versions)
            {
                using ProfileSpan span = Profile.Measure("pack weights", ProfileCategory.Copying);
                _weights = backend.PrepareRecurrent(spec, storages, _weights);
                _versions = versions;
            }
            return _weights;
        }
    }

    private static Storage? Memory(Tensor tensor) => tensor.Exists ? tensor.Body.Storage : null;

    /// <summary>A parameter's version; 0 for what is absent, −1 for a tensor that is no parameter.</summary>
    private static long Version(Tensor tensor) => !tensor.Exists ? 0 : tensor.Body.Parameter?.Version ?? -1;
}
