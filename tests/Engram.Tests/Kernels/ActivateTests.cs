using System.Globalization;
using System.Numerics;
using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Tests.Kernels;

/// <summary>
/// σ, tanh and exp against the library's double functions, over the whole range of floats and in every tier. Bounds: 4e-7 absolute;
/// near zero, tanh is exact to 4e-7 relative.
/// </summary>
public sealed class ActivateTests
{
    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Single_precision_keeps_its_bound(int bits)
    {
        Tiers.Run(bits, new Sweep());
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Double_precision_is_good_enough_for_finite_differences(int bits)
    {
        Tiers.Run(bits, new SweepDouble());
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void What_is_no_number_stays_so_and_infinities_saturate(int bits)
    {
        Tiers.Run(bits, new Saturate<float>());
        Tiers.Run(bits, new Saturate<double>());
    }

    private sealed class Saturate<T> : ILanesTest<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, T>
        {
            Assert.True(T.IsNaN(Apply<T, L>(Activate<T, L>.Sigmoid, T.NaN)));
            Assert.True(T.IsNaN(Apply<T, L>(Activate<T, L>.Tanh, T.NaN)));
            Assert.True(T.IsNaN(Apply<T, L>(Activate<T, L>.Exp, T.NaN)));
            T tiny = T.CreateTruncating(1e-37);
            foreach (T large in (T[])[T.PositiveInfinity, T.CreateTruncating(3e38), T.CreateTruncating(1e30), T.CreateTruncating(1000)])
            {
                Assert.Equal(T.One, Apply<T, L>(Activate<T, L>.Sigmoid, large));
                Assert.InRange(Apply<T, L>(Activate<T, L>.Sigmoid, -large), T.Zero, tiny);
                Assert.Equal(T.One, Apply<T, L>(Activate<T, L>.Tanh, large));
                Assert.Equal(-T.One, Apply<T, L>(Activate<T, L>.Tanh, -large));
            }
            Assert.Equal(T.CreateTruncating(0.5), Apply<T, L>(Activate<T, L>.Sigmoid, T.Zero));
            Assert.Equal(T.Zero, Apply<T, L>(Activate<T, L>.Tanh, T.Zero));
        }
    }

    private static unsafe T Apply<T, L>(Func<L, L> function, T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where L : unmanaged, ILanes<L, T>
    {
        L result = function(L.Broadcast(x));
        return *(T*)&result;
    }

    private static float Apply<L>(Func<L, L> function, float x)
        where L : unmanaged, ILanes<L, float> => Apply<float, L>(function, x);

    private sealed class Sweep : ILanesTest<float>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, float>
        {
            // Every 9973rd float: all signs and exponents, 430,000 of them.
            for (long pattern = 0; pattern <= uint.MaxValue; pattern += 9973)
            {
                float x = BitConverter.UInt32BitsToSingle((uint)pattern);
                if (!float.IsFinite(x))
                {
                    continue;
                }
                Near(1 / (1 + Math.Exp(-(double)x)), Apply<L>(Activate<float, L>.Sigmoid, x), 4e-7, x, "σ");
                double tanh = Math.Tanh(x);
                Near(tanh, Apply<L>(Activate<float, L>.Tanh, x), Math.Max(4e-7 * Math.Abs(tanh), 1e-44), x, "tanh");
                if (Math.Abs(x) < 80)
                {
                    double exp = Math.Exp(x);
                    Near(exp, Apply<L>(Activate<float, L>.Exp, x), 4e-7 * exp, x, "exp");
                }
            }
        }
    }

    private sealed class SweepDouble : ILanesTest<double>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, double>
        {
            for (double x = -45; x < 45; x += 0.00731)
            {
                Near(1 / (1 + Math.Exp(-x)), Apply<double, L>(Activate<double, L>.Sigmoid, x), 1e-15, x, "σ");
                Near(Math.Tanh(x), Apply<double, L>(Activate<double, L>.Tanh, x), 1e-15, x, "tanh");
                Near(Math.Exp(x), Apply<double, L>(Activate<double, L>.Exp, x), 2e-15 * Math.Exp(x), x, "exp");
            }
        }
    }

    private static void Near(double expected, double actual, double allowed, double x, string function)
    {
        if (!(Math.Abs(expected - actual) <= allowed))
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{function}({x:R}) is {expected:R}, got {actual:R}, allowed error {allowed:R}"));
        }
    }
}
