namespace Engram.Backends;

/// <summary>Memory of a backend. Only the backend that made it can read or write it.</summary>
internal abstract class Storage(long length)
{
    /// <summary>Elements that fit; at least as many as were asked for.</summary>
    public long Length { get; } = length;
}
