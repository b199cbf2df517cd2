using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Engram.Kernels;

/// <summary>What the processor cannot guess: which memory will be wanted next. It changes no result, and does nothing where there is no such instruction.</summary>
internal static unsafe class Caches
{
    /// <summary>Bytes of a page, beyond which the processor brings nothing by itself.</summary>
    public const int Page = 4096;

    /// <summary>Bytes of a line.</summary>
    private const int Line = 64;

    /// <summary>Lines from which on the processor sees itself where a row goes on.</summary>
    private const int MostLines = 8;

    /// <summary>Has the beginning of a row brought, up to eight lines of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(T* row, int length)
        where T : unmanaged
    {
        int bytes = Math.Min(length * sizeof(T), MostLines * Line);
        for (int at = 0; at < bytes && Sse.IsSupported; at += Line)
        {
            Sse.Prefetch0((byte*)row + at);
        }
    }
}
