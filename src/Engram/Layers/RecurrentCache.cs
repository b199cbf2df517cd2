using Engram.Backends;

namespace Engram.Layers;

/// <summary>The packed weights of a recurrent layer, made again only when one of its parameters has changed.</summary>
internal sealed class RecurrentCache
{
    private readonly Lock _lock = new();
    private RecurrentWeights? _weights;
    private (long, long, long) _versions = (-1, -1, -1);

    public RecurrentWeights Get(Pass pass, in RecurrentSpec spec, Tensor kernel, Tensor recurrentKernel, Tensor bias)
    {
        var versions = (kernel.Body.Parameter!.Version, recurrentKernel.Body.Parameter!.Version, bias.Body.Parameter!.Version);
        lock (_lock)
        {
            if (_weights is null || _versions != versions)
            {
                _weights = pass.Backend.PrepareRecurrent(
                    spec, kernel.Body.Storage!, recurrentKernel.Body.Storage!, bias.Body.Storage!, _weights);
                _versions = versions;
            }
            return _weights;
        }
    }
}
