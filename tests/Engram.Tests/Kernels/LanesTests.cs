using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Tests.Kernels;

/// <summary>Operations that widths have instructions of their own for, beside those of a single number.</summary>
public sealed class LanesTests
{
    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Every_width_does_what_a_single_number_does(int bits)
    {
        Tiers.Run(bits, new Compare<float>(-126, 127));
        Tiers.Run(bits, new Compare<double>(-1022, 1023));
    }

    /// <summary>The exponents of the smallest and of the largest normal number.</summary>
    private sealed class Compare<T>(int smallest, int largest) : ILanesTest<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, T>
        {
            foreach (double value in (double[])[0, 0.25, -0.25, 0.5, -0.5, 1.5, -1.5, 2.5, 7.75, -100.125, 1e6, -1e8, double.NegativeInfinity])
            {
                T x = T.CreateTruncating(value), nearest = T.Round(x);
                Assert.Equal(T.IsInfinity(x) ? T.Zero : x - nearest, First<T, L>(L.FromNearest(L.Broadcast(x))));
            }
            T half = T.CreateTruncating(1.5);
            foreach (int n in (int[])[0, 1, -1, 20, smallest, largest])
            {
                Assert.Equal(T.ScaleB(half, n), First<T, L>(L.TimesPowerOfTwo(L.Broadcast(half), L.Broadcast(T.CreateTruncating(n)))));
            }
            foreach (double n in (double[])[smallest - 1, smallest - 100, -1e9, double.NegativeInfinity])
            {
                Assert.InRange(First<T, L>(L.TimesPowerOfTwo(L.Broadcast(half), L.Broadcast(T.CreateTruncating(n)))), T.Zero, T.ScaleB(T.One, smallest));
            }
            T a = T.CreateTruncating(3), b = T.CreateTruncating(5), c = T.CreateTruncating(100);
            Assert.Equal(T.CreateTruncating(85), First<T, L>(L.SubtractProduct(L.Broadcast(c), L.Broadcast(a), L.Broadcast(b))));
            Assert.Equal(T.CreateTruncating(115), First<T, L>(L.MultiplyAdd(L.Broadcast(a), L.Broadcast(b), L.Broadcast(c))));
        }
    }

    private static unsafe T First<T, L>(L lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where L : unmanaged, ILanes<L, T> => *(T*)&lanes;
}
