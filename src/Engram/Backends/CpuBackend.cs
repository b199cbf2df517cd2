using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using Engram.Kernels.Lanes;
using Engram.Profiling;

namespace Engram.Backends;

/// <summary>Makes CPU backends.</summary>
internal static class CpuBackend
{
    /// <summary>The widest vectors that this processor computes with.</summary>
    public static InstructionTier WidestTier =>
        Vector512.IsHardwareAccelerated ? InstructionTier.Vector512
        : Vector256.IsHardwareAccelerated ? InstructionTier.Vector256
        : Vector128.IsHardwareAccelerated ? InstructionTier.Vector128
        : InstructionTier.Scalar;

    /// <summary>A backend in single precision, or in double, which gradients are checked in.</summary>
    /// <param name="threads">Threads, the caller's included.</param>
    /// <param name="tier">The vectors that it computes with.</param>
    /// <param name="doublePrecision">Whether its numbers are doubles.</param>
    /// <param name="meeting">Nanoseconds that count as the time in which two threads meet, by which work is shared; measured where null.</param>
    public static IBackend Create(int threads, InstructionTier tier, bool doublePrecision = false, double? meeting = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ProfileEvents.Exist();
        return doublePrecision ? Create<double>(threads, tier, meeting) : Create<float>(threads, tier, meeting);
    }

    private static IBackend Create<T>(int threads, InstructionTier tier, double? meeting)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => tier switch
        {
            InstructionTier.Vector512 => new CpuBackend<T, Lanes512<T>>(threads, tier, meeting),
            InstructionTier.Vector256 => new CpuBackend<T, Lanes256<T>>(threads, tier, meeting),
            InstructionTier.Vector128 => new CpuBackend<T, Lanes128<T>>(threads, tier, meeting),
            _ => new CpuBackend<T, Lane<T>>(threads, tier, meeting),
        };
}

/// <summary>The CPU: managed kernels on vectors of one width, shared among worker threads.</summary>
internal sealed unsafe partial class CpuBackend<T, L>(int threads, InstructionTier tier, double? meeting) : IBackend
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly BufferPool<T> _pool = new();
    private readonly Workers _workers = new(threads, meeting);

    /// <inheritdoc/>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"cpu, {(tier == InstructionTier.Scalar ? "no vectors" : $"{L.Count * sizeof(T) * 8}-bit vectors")}, {_workers.Count} threads");

    /// <inheritdoc/>
    public int Threads => _workers.Count;

    /// <inheritdoc/>
    public Storage Rent(long length) => _pool.Rent(length);

    /// <inheritdoc/>
    public void Return(Storage storage) => _pool.Return((CpuStorage<T>)storage);

    /// <inheritdoc/>
    public void TrimPool() => _pool.Trim();

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    /// <inheritdoc/>
    public void Write(Storage target, ReadOnlySpan<float> values) => Convert(values, Span(target, values.Length));

    /// <inheritdoc/>
    public void Write(Storage target, ReadOnlySpan<double> values) => Convert(values, Span(target, values.Length));

    /// <inheritdoc/>
    public void Write(Storage target, long first, ReadOnlySpan<float> values) => Convert(values, Span(target, first + values.Length)[(int)first..]);

    /// <inheritdoc/>
    public void Read(Storage source, Span<float> values) => Convert<T, float>(Span(source, values.Length), values);

    /// <inheritdoc/>
    public void Read(Storage source, Span<double> values) => Convert<T, double>(Span(source, values.Length), values);

    /// <inheritdoc/>
    public void Clear(Storage target, long count) => Span(target, count).Clear();

    /// <inheritdoc/>
    public void Copy(Storage source, Storage target, long count) => Span(source, count).CopyTo(Span(target, count));

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            System.Runtime.InteropServices.MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(target);
            return;
        }
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(source, target);
    }

    internal static T* Pointer(Storage? storage) => storage is null ? null : ((CpuStorage<T>)storage).Pointer;

    internal static Span<T> Span(Storage storage, long count) => ((CpuStorage<T>)storage).Span(count);


    /// <summary>The part of <paramref name="count"/> items that a shard takes.</summary>
    internal static (int From, int To) Part(int count, int shard, int shards) =>
        ((int)((long)count * shard / shards), (int)((long)count * (shard + 1) / shards));
}
