using Engram.Backends;

namespace Engram.Layers;

/// <summary>
/// The packed form of a weight matrix, and of its transpose, made again only when the parameter has changed. Many threads may
/// predict with one model: the first makes it, the others wait.
/// </summary>
internal sealed class PackedCache
{
    private readonly Lock _lock = new();
    private PackedMatrix? _matrix, _transposed;
    private long _version = -1, _transposedVersion = -1;

    public PackedMatrix Get(Pass pass, Tensor weights) => Get(pass, weights, transpose: false, ref _matrix, ref _version);

    public PackedMatrix GetTransposed(Pass pass, Tensor weights) => Get(pass, weights, transpose: true, ref _transposed, ref _transposedVersion);

    private PackedMatrix Get(Pass pass, Tensor weights, bool transpose, ref PackedMatrix? matrix, ref long version)
    {
        TensorBody body = weights.Body;
        lock (_lock)
        {
            if (matrix is null || version != body.Parameter!.Version)
            {
                using ProfileSpan span = Profile.Measure("pack weights", ProfileCategory.Copying);
                matrix = pass.Backend.Pack(body.Storage!, body.Shape.Rows, body.Shape[^1], transpose, matrix);
                version = body.Parameter!.Version;
            }
            return matrix;
        }
    }
}
