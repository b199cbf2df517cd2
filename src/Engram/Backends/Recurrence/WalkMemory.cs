using System.Numerics;
using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Backends;

/// <summary>The memory of one walk, and of its way back, taken from the pool piece by piece and given back together.</summary>
internal sealed unsafe class WalkMemory<T, L>(BufferPool<T> pool, Stack<WalkMemory<T, L>> free) : RecurrentSaved
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly List<CpuStorage<T>> _rented = [];

    /// <summary>Where everything lies.</summary>
    public WalkData<T> Data;

    /// <summary>In which order sequences and steps are walked.</summary>
    public SequenceOrder<T> Order { get; } = new();

    /// <summary>Memory of this walk; contents undefined.</summary>
    public T* Rent(long length)
    {
        CpuStorage<T> storage = pool.Rent(length);
        _rented.Add(storage);
        return storage.Pointer;
    }

    /// <summary>The same, all zeros.</summary>
    public T* RentCleared(long length)
    {
        T* pointer = Rent(length);
        new Span<T>(pointer, checked((int)length)).Clear();
        return pointer;
    }

    /// <summary>So many whole numbers; contents undefined.</summary>
    public int* RentNumbers(long length) => (int*)Rent(length);

    /// <summary>Lays out the shares that zoneout keeps; rows stand in the order of the walk.</summary>
    public ZoneoutShares<T> Shares(ZoneoutArgument zoneout, int steps, int size, int width)
    {
        if (zoneout.Rate == 0)
        {
            return default;
        }
        if (zoneout.Mask is null)
        {
            T* share = Rent(width);
            new Span<T>(share, width).Fill(T.CreateTruncating(zoneout.Rate));
            return new ZoneoutShares<T> { First = share };
        }
        T* mask = CpuBackend<T, L>.Pointer(zoneout.Mask), shares = RentCleared((long)Order.Batch * steps * width);
        for (int row = 0; row < Order.Batch; row++)
        {
            for (int step = 0; step < steps; step++)
            {
                T* source = mask + ((nint)Order.Row(row) * steps + step) * size, target = shares + ((nint)row * steps + step) * width;
                new Span<T>(source, size).CopyTo(new Span<T>(target, size));
            }
        }
        return new ZoneoutShares<T> { First = shares, RowStride = (nint)steps * width, StepStride = width };
    }

    /// <inheritdoc/>
    public override void Release()
    {
        foreach (CpuStorage<T> storage in _rented)
        {
            pool.Return(storage);
        }
        _rented.Clear();
        lock (free)
        {
            free.Push(this);
        }
    }
}
