using System.Runtime.CompilerServices;

namespace Engram.Kernels;

/// <summary>Lines of numbers, a stride apart.</summary>
internal unsafe struct Lines<T>
    where T : unmanaged
{
    /// <summary>The first line.</summary>
    public T* First;

    /// <summary>Elements from one line to the next.</summary>
    public nint Stride;

    /// <summary>Sets both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lay(T* first, nint stride)
    {
        First = first;
        Stride = stride;
    }
}
