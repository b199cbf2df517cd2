using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engram.Backends;

/// <summary>
/// Memory of a CPU backend: an array that the garbage collector owns and never moves, used from its first 64-byte boundary.
/// Behind the last element some more may be read and written, though never with meaning, so that kernels take whole panels.
/// </summary>
internal sealed unsafe class CpuStorage<T> : Storage
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements that may be read or written behind the last: the widest panel.</summary>
    public const int Slack = 64;

    private const int Alignment = 64;
    private readonly T[] _array;

    /// <summary>Memory for <paramref name="length"/> elements; contents undefined.</summary>
    public CpuStorage(long length)
        : base(length)
    {
        int extra = Slack + Alignment / sizeof(T);
        _array = GC.AllocateUninitializedArray<T>(checked((int)(length + extra)), pinned: true);
        nuint start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        Pointer = (T*)((start + Alignment - 1) & ~(nuint)(Alignment - 1));
        new Span<T>(Pointer + length, Slack).Clear();
    }

    /// <summary>The first element. Valid as long as this object is reachable.</summary>
    public T* Pointer { get; }

    /// <summary>The first <paramref name="count"/> elements.</summary>
    public Span<T> Span(long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        return new Span<T>(Pointer, checked((int)count));
    }
}
