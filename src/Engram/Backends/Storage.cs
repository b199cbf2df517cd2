namespace Engram.Backends;

/// <summary>Memory of a backend. Only the backend that made it can read or write it.</summary>
internal abstract class Storage(long length)
{
    /// <summary>The largest size that memory is handed out in: the last step of <see cref="BufferPool{T}"/> that an array can have.</summary>
    public const long MostElements = 15L << 27;

    /// <summary>Throws where one memory cannot hold a tensor.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="what">What makes it, or its name.</param>
    /// <exception cref="ShapeException">The shape has too many elements.</exception>
    public static void RequireRoom(Shape shape, string what)
    {
        if (!shape.HasAtMost(MostElements))
        {
            throw new ShapeException(
                $"{what}: a tensor of shape {shape} has more than {MostElements} elements, the most that one can have. Take smaller batches, shorter sequences or smaller layers.");
        }
    }

    /// <summary>Elements that fit; at least as many as were asked for.</summary>
    public long Length { get; } = length;
}
