using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// Zoneout (Krueger et al. 2017): a share k of the former state stays. While training k is 0 or 1 unit by unit, later its expectation.
/// <code>  s = s̃ + k ⊙ (s₋ − s̃)          δs̃ = δs − k ⊙ δs        δs₋ = k ⊙ δs</code>
/// </summary>
internal static unsafe class Zoneout<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Writes s; <paramref name="raw"/> may be where it goes.</summary>
    public static void Mix(T* keep, T* previous, T* raw, T* target, int count)
    {
        for (int i = 0; i < count; i += L.Count)
        {
            L value = L.Load(raw + i);
            L.Store(target + i, L.MultiplyAdd(L.Load(keep + i), L.Load(previous + i) - value, value));
        }
    }

    /// <summary>Turns δs into δs̃ and writes the part of δs₋ aside.</summary>
    public static void Split(T* keep, T* gradient, T* aside, int count)
    {
        for (int i = 0; i < count; i += L.Count)
        {
            L value = L.Load(gradient + i), kept = L.Load(keep + i) * value;
            L.Store(aside + i, kept);
            L.Store(gradient + i, value - kept);
        }
    }
}

/// <summary>The shares k that zoneout keeps, for each row and step of a walk, or one for all.</summary>
internal unsafe struct ZoneoutShares<T>
    where T : unmanaged
{
    /// <summary>The first; null without zoneout.</summary>
    public T* First;

    /// <summary>Elements from one row, or step, to the next; 0 where all are the same.</summary>
    public nint RowStride, StepStride;

    /// <summary>Whether there is zoneout.</summary>
    public readonly bool Exist => First is not null;

    /// <summary>The shares of a row's units at a step.</summary>
    public readonly T* At(int row, int step) => First + row * RowStride + step * StepStride;
}
