using System.Numerics;

namespace Engram.Backends;

/// <summary>
/// Memory that passes give back, kept for the next pass. Sizes are rounded up to eight steps per power of two, so that at most an
/// eighth is wasted and a training step finds what the step before returned.
/// </summary>
internal sealed class BufferPool<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Stack<CpuStorage<T>>> _free = [];

    /// <summary>Memory for at least <paramref name="length"/> elements; contents undefined.</summary>
    public CpuStorage<T> Rent(long length)
    {
        long size = SizeClass(length);
        lock (_lock)
        {
            if (_free.TryGetValue(size, out Stack<CpuStorage<T>>? stack) && stack.TryPop(out CpuStorage<T>? storage))
            {
                return storage;
            }
        }
        return new CpuStorage<T>(size);
    }

    /// <summary>Takes memory back.</summary>
    public void Return(CpuStorage<T> storage)
    {
        lock (_lock)
        {
            if (!_free.TryGetValue(storage.Length, out Stack<CpuStorage<T>>? stack))
            {
                _free.Add(storage.Length, stack = new Stack<CpuStorage<T>>());
            }
            stack.Push(storage);
        }
    }

    /// <summary>Forgets what is free.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            _free.Clear();
        }
    }

    internal static long SizeClass(long length)
    {
        long least = Math.Max(length, 64);
        int shift = Math.Max(0, BitOperations.Log2((ulong)least) - 3);
        return ((least + (1L << shift) - 1) >> shift) << shift;
    }
}
