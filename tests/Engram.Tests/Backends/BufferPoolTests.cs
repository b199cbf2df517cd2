using CsCheck;
using Engram.Backends;

namespace Engram.Tests.Backends;

public sealed class BufferPoolTests
{
    [Fact]
    public void Size_classes_hold_what_is_asked_for_and_waste_at_most_an_eighth() =>
        Gen.Long[1, 1L << 40].Sample(length =>
        {
            long size = BufferPool<float>.SizeClass(length);
            Assert.InRange(size, length, Math.Max(64, length + length / 8 + 1));
            Assert.Equal(size, BufferPool<float>.SizeClass(size));
        });

    [Fact]
    public unsafe void Memory_is_aligned_to_64_bytes_and_comes_back()
    {
        var pool = new BufferPool<float>();
        CpuStorage<float> first = pool.Rent(1000);
        Assert.Equal(0u, (nuint)first.Pointer % 64);
        pool.Return(first);
        Assert.Same(first, pool.Rent(1000));
        Assert.NotSame(first, pool.Rent(1000));
    }
}
