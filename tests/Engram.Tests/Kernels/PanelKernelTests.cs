using System.Runtime.InteropServices;
using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Tests.Kernels;

/// <summary>The product kernel against three nested loops, for every number of rows, several terms and repeats, in every tier.</summary>
public sealed unsafe class PanelKernelTests
{
    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Every_number_of_rows_gives_the_naive_sum(int bits)
    {
        Tiers.Run(bits, new Sweep());
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void However_rows_are_grouped_the_bits_are_the_same(int bits)
    {
        Tiers.Run(bits, new Group());
    }

    private sealed class Sweep : ILanesTest<double>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, double>
        {
            int width = PanelKernel<double, L>.Width;
            Term<double>* terms = stackalloc Term<double>[2];
            for (int rows = 1; rows <= L.RowsInRegisters; rows++)
            {
                foreach ((int steps, int repeats) in new[] { (0, 1), (1, 1), (5, 1), (3, 4), (17, 2) })
                {
                    double[] a = Random(1000, 1), b = Random(repeats * steps * width + width, 2), a2 = Random(100, 3), b2 = Random(7 * width, 4), start = Random(rows * width, 5);
                    double[] target = new double[rows * width];
                    fixed (double* pa = a, pb = b, pa2 = a2, pb2 = b2, ps = start, pt = target)
                    {
                        terms[0] = new Term<double> { A = pa, RowStride = 1, StepStride = 6, ARepeat = 150, B = pb, BStride = width, BRepeat = steps * width, Steps = steps, Repeats = repeats };
                        terms[1] = new Term<double> { A = pa2, RowStride = 7, StepStride = 1, B = pb2, BStride = width, Steps = 7, Repeats = 1 };
                        PanelKernel<double, L>.Run(rows, terms, 2, ps, width, pt, width);
                    }
                    for (int row = 0; row < rows; row++)
                    {
                        for (int column = 0; column < width; column++)
                        {
                            double expected = start[row * width + column];
                            for (int repeat = 0; repeat < repeats; repeat++)
                            {
                                for (int step = 0; step < steps; step++)
                                {
                                    expected += a[repeat * 150 + row + step * 6] * b[(repeat * steps + step) * width + column];
                                }
                            }
                            for (int step = 0; step < 7; step++)
                            {
                                expected += a2[row * 7 + step] * b2[step * width + column];
                            }
                            Assert.Equal(expected, target[row * width + column], 1e-12);
                        }
                    }
                }
            }
        }
    }

    private sealed class Group : ILanesTest<float>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, float>
        {
            const int k = 37;
            int width = PanelKernel<float, L>.Width, rows = L.RowsInRegisters;
            float[] a = [.. Random(rows * k, 1).Select(v => (float)v)], b = [.. Random(k * width, 2).Select(v => (float)v)], zeros = new float[width];
            float[] together = new float[rows * width], apart = new float[rows * width];
            fixed (float* pa = a, pb = b, pz = zeros, p1 = together, p2 = apart)
            {
                var term = new Term<float> { A = pa, RowStride = k, StepStride = 1, B = pb, BStride = width, Steps = k, Repeats = 1 };
                PanelKernel<float, L>.Run(rows, &term, 1, pz, 0, p1, width);
                for (int row = 0; row < rows; row++)
                {
                    term.A = pa + row * k;
                    PanelKernel<float, L>.Run(1, &term, 1, pz, 0, p2 + row * width, width);
                }
            }
            Assert.Equal(MemoryMarshal.AsBytes<float>(together).ToArray(), MemoryMarshal.AsBytes<float>(apart).ToArray());
        }
    }

    private static double[] Random(int count, int seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(i => (double)random.Normal(i))];
    }
}
