using Engram.Backends;

namespace Engram.Tests.Kernels;

/// <summary>Whole products on a backend against three nested loops: sizes around vectors, panels, blocks and shards, whatever else stood in the memory.</summary>
public sealed class ProductTests
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 6, 7, 8, 13, 15, 16, 17, 31, 33, 63, 64, 65, 100, 129];

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Products_of_every_size_are_those_of_loops(int bits)
    {
        using IBackend backend = CpuBackend.Create(3, Tiers.Require(bits), doublePrecision: true);
        var random = new RandomStream(bits);
        for (int trial = 0; trial < 100; trial++)
        {
            int Any(int of) => (int)(random.Uniform(trial * 10 + of) * 0.999999 * Sizes.Length);
            (int m, int k, int n) = (Sizes[Any(0)], trial % 25 == 0 ? 0 : trial % 25 == 1 ? 2048 * 2 + 7 : Sizes[Any(1)], Sizes[Any(2)]);
            (m, k, n) = trial is 7 or 8 ? (129, 2048 * 3 + 7, 100) : (m, k, n); // packed in more than one piece
            bool accumulate = trial % 2 == 0, hasBias = trial % 3 == 0, transpose = trial % 5 < 2;
            double[] a = Random(m * k, 1), b = Random(k * n, 2), bias = Random(n, 3), before = Random(m * n, 4);
            double[] expected = new double[m * n], expectedSums = new double[n];
            for (int row = 0; row < m; row++)
            {
                for (int column = 0; column < n; column++)
                {
                    double sum = accumulate ? before[row * n + column] : hasBias ? bias[column] : 0;
                    for (int i = 0; i < k; i++)
                    {
                        sum += a[row * k + i] * b[i * n + column];
                    }
                    expected[row * n + column] = sum;
                    expectedSums[column] += before[row * n + column];
                }
            }
            Spoil(backend);
            Storage left = Store(a), right = Store(transpose ? Transposed(b, k, n) : b), leftTransposed = Store(Transposed(a, m, k)), start = Store(bias), sums = backend.Rent(n);
            PackedMatrix packed = transpose ? backend.Pack(right, n, k, transpose, null) : backend.Pack(right, k, n, transpose, null);
            Storage c = Store(before);
            backend.SumRows(c, m, n, sums, accumulate: false);
            Check(expectedSums, sums, $"sums of [{m}, {n}]");
            backend.Multiply(left, m, packed, hasBias ? start : null, c, accumulate);
            Check(expected, c, $"[{m}, {k}] · [{k}, {n}], accumulate {accumulate}, bias {hasBias}, transpose {transpose}");
            Storage unpacked = Store(before);
            backend.Multiply(left, m, right, transpose ? n : k, transpose ? k : n, transpose, hasBias ? start : null, unpacked, accumulate);
            Assert.Equal(Read(c), Read(unpacked));
            if (!transpose && !hasBias)
            {
                Storage d = Store(before);
                Storage columnSums = Store([.. before.Take(n)]);
                backend.MultiplyTransposed(leftTransposed, right, k, m, n, new GradientTarget(d, accumulate), new GradientTarget(columnSums, !accumulate));
                Check(expected, d, $"[{k}, {m}]ᵀ · [{k}, {n}], accumulate {accumulate}");
                Check([.. Enumerable.Range(0, n).Select(j => (accumulate ? 0 : before[j]) + Enumerable.Range(0, k).Sum(i => b[i * n + j]))], columnSums, $"sums of [{k}, {n}]");
                backend.Return(d);
                backend.Return(columnSums);
            }
            foreach (Storage storage in (Storage[])[left, right, leftTransposed, start, sums, c, unpacked])
            {
                backend.Return(storage);
            }

            double[] Read(Storage storage)
            {
                double[] values = new double[m * n];
                backend.Read(storage, values);
                return values;
            }

            double[] Random(int count, int of) => [.. Enumerable.Range(0, count).Select(i => (double)random.Derive(trial * 10 + of).Normal(i))];
        }

        Storage Store(double[] values)
        {
            Storage storage = backend.Rent(values.Length);
            backend.Write(storage, values);
            return storage;
        }

        void Check(double[] expected, Storage storage, string what)
        {
            double[] actual = new double[expected.Length];
            backend.Read(storage, actual);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-9, $"{what}: element {i} is {actual[i]}, not {expected[i]}");
            }
        }
    }

    /// <summary>Leaves memory in the pool that is full of what is no number.</summary>
    private static void Spoil(IBackend backend)
    {
        Storage[] rented = [.. Sizes.SelectMany(m => Sizes.Select(n => m * n)).Distinct().Select(count => backend.Rent(count))];
        foreach (Storage storage in rented)
        {
            backend.Fill(storage, double.NaN, storage.Length, accumulate: false);
            backend.Return(storage);
        }
    }

    private static double[] Transposed(double[] matrix, int rows, int columns)
    {
        double[] transposed = new double[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }
}
