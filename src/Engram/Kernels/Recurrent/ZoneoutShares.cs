namespace Engram.Kernels;

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
