using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Tests.Kernels;

/// <summary>Functions over arrays of every length against single numbers; what lies behind the end is left alone.</summary>
public sealed unsafe class ElementwiseTests
{
    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Every_length_has_the_same_values_as_single_numbers(int bits) => Tiers.Run(bits, new Lengths());

    private sealed class Lengths : ILanesTest<double>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, double>
        {
            for (int count = 1; count <= 150; count++)
            {
                double[] x = [.. Enumerable.Range(0, count).Select(i => (double)new RandomStream(count).Normal(i))];
                double sum = x.Sum(Math.Exp);
                Compare(x, Elementwise<double, L>.Sigmoid, v => 1 / (1 + Math.Exp(-v)));
                Compare(x, Elementwise<double, L>.Tanh, Math.Tanh);
                Compare(x, (from, to, length) => Elementwise<double, L>.Scale(-2.5, from, to, length), v => -2.5 * v);
                Compare(x, (from, to, length) => Elementwise<double, L>.Softmax(from, to, (int)length), v => Math.Exp(v) / sum);
            }
        }

        private static void Compare(double[] x, Function run, Func<double, double> expected)
        {
            double[] y = [.. Enumerable.Repeat(7.0, x.Length + 8)], inPlace = [.. x, .. y.AsSpan(0, 8)];
            fixed (double* from = x, to = y, both = inPlace)
            {
                run(from, to, x.Length);
                run(both, both, x.Length);
            }
            for (int i = 0; i < y.Length; i++)
            {
                Assert.Equal(i < x.Length ? expected(x[i]) : 7, y[i], 1e-14);
            }
            Assert.Equal(y, inPlace);
        }

        private delegate void Function(double* x, double* y, long count);
    }
}
