using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Tests.Kernels;

/// <summary>Products whose lanes run along the inner dimension against three nested loops, and which columns are left to them.</summary>
public sealed unsafe class NarrowProductTests
{
    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Every_number_of_rows_and_columns_gives_the_naive_sum(int bits)
    {
        Tiers.Run(bits, new Sweep());
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(10, 0, 2)]
    [InlineData(11, 0, 0)]
    [InlineData(17, 1, 1)]
    [InlineData(20, 4, 0)]
    [InlineData(21, 0, 0)]
    [InlineData(50, 2, 2)]
    [InlineData(64, 0, 0)]
    [InlineData(130, 2, 0)] // sixteen vectors of 8 already
    [InlineData(258, 0, 0)]
    public void Columns_beyond_whole_vectors_are_narrow_where_they_fill_a_quarter_at_most(int columns, int of16, int of8)
    {
        Assert.Equal((of16, of8, 0), (NarrowProduct<float, Lanes512<float>>.Columns(columns), NarrowProduct<float, Lanes256<float>>.Columns(columns), NarrowProduct<float, Lane<float>>.Columns(columns)));
    }

    private sealed class Sweep : ILanesTest<double>
    {
        public void Run<L>()
            where L : unmanaged, ILanes<L, double>
        {
            var random = new RandomStream(7);
            for (int trial = 0; trial < 300; trial++)
            {
                int Draw(int of, int number) => (int)(random.Uniform(trial * 4 + number) * of);
                int rows = 1 + Draw(7, 0), columns = 1 + Draw(4, 1), inner = Draw(70, 2), stride = NarrowProduct<double, L>.Stride(inner);
                bool accumulate = Draw(2, 3) == 0;
                Assert.InRange(stride, inner, inner + L.Count - 1);
                double[] a = Numbers(rows * (stride + 3), 1), b = new double[columns * stride], before = Numbers(rows * (columns + 2), 3), c = [.. before], weights = Numbers(columns * inner, 2);
                for (int column = 0; column < columns; column++)
                {
                    weights.AsSpan(column * inner, inner).CopyTo(b.AsSpan(column * stride));
                }
                fixed (double* pa = a, pb = b, pc = c)
                {
                    // Rows upwards, or from the last one downwards.
                    int direction = trial % 2 == 0 ? 1 : -1, first = direction > 0 ? 0 : rows - 1;
                    NarrowProduct<double, L>.Run(pa + first * (stride + 3), direction * (stride + 3), rows, inner, pb, columns, pc + first * (columns + 2), direction * (columns + 2), accumulate);
                }
                for (int row = 0; row < rows; row++)
                {
                    for (int column = 0; column < columns + 2; column++)
                    {
                        int at = row * (columns + 2) + column;
                        double expected = column >= columns || accumulate ? before[at] : 0;
                        for (int i = 0; i < inner && column < columns; i++)
                        {
                            expected += a[row * (stride + 3) + i] * weights[column * inner + i];
                        }
                        Assert.Equal(expected, c[at], 1e-12);
                    }
                }

                double[] Numbers(int count, int of) => [.. Enumerable.Range(0, count).Select(i => random.Derive(trial * 4 + of).Normal(i))];
            }
        }
    }
}
