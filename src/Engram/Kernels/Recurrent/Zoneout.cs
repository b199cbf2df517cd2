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
