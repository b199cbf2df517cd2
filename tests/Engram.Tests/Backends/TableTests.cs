using System.Runtime.InteropServices;
using Engram.Backends;

namespace Engram.Tests.Backends;

public sealed class TableTests
{
    [Theory]
    [InlineData(30, 7, 50)]
    [InlineData(9_000, 40, 50)] // shared among threads
    [InlineData(70_000, 5, 50)] // narrower than a line of the cache
    [InlineData(700, 150, 50)] // wider than what a thread takes of a row
    [InlineData(5_000, 32, 4_000)]
    [InlineData(5_000, 32, 1)] // one thread's alone
    public void Rows_that_are_gathered_and_added_are_the_same_on_any_number_of_threads(int count, int width, int tableRows)
    {
        var random = new RandomStream(count);
        int[] rows = [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? tableRows / 7 : (int)(random.Bits(i) % (tableRows + 1)) - 1)]; // one far more often than the others; -1: none
        float[] table = Tensor.Normal(random.Derive("table"), tableRows, width).ToArray(), lines = Tensor.Normal(random.Derive("lines"), count, width).ToArray();
        float[] expectedGathered = new float[count * width], expectedSums = [.. table];
        for (int i = 0; i < count; i++)
        {
            for (int column = 0; rows[i] >= 0 && column < width; column++)
            {
                expectedGathered[i * width + column] = table[rows[i] * width + column];
                expectedSums[rows[i] * width + column] += lines[i * width + column];
            }
        }
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            using IBackend backend = CpuBackend.Create(threads, CpuBackend.WidestTier);
            Storage memory = backend.Rent(table.Length), gathered = backend.Rent(count * width), added = backend.Rent(count * width);
            backend.Write(memory, table);
            backend.Write(added, lines);
            backend.GatherRows(memory, width, rows, gathered);
            backend.ScatterRows(added, width, rows, memory);

            RequireSame(expectedGathered, Read(gathered, count * width), threads);
            RequireSame(expectedSums, Read(memory, table.Length), threads);

            float[] Read(Storage storage, int length)
            {
                float[] values = new float[length];
                backend.Read(storage, values);
                return values;
            }
        }
    }

    [Theory]
    [InlineData(30, 7)]
    [InlineData(9_000, 40)]
    public void Rows_that_are_cleared_leave_the_others_as_they_are(int tableRows, int width)
    {
        var random = new RandomStream(tableRows);
        int[] rows = [.. Enumerable.Range(0, tableRows).Where(row => random.Bits(row) % 4 > 0).OrderBy(row => random.Bits(tableRows + row))];
        float[] table = Tensor.Normal(random.Derive("table"), tableRows, width).ToArray(), expected = [.. table], cleared = new float[table.Length];
        foreach (int row in rows)
        {
            expected.AsSpan(row * width, width).Clear();
        }
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            using IBackend backend = CpuBackend.Create(threads, CpuBackend.WidestTier);
            Storage memory = backend.Rent(table.Length);
            backend.Write(memory, table);
            backend.ClearRows(memory, width, rows);
            backend.Read(memory, cleared);
            RequireSame(expected, cleared, threads);
        }
    }

    private static void RequireSame(float[] expected, float[] actual, int threads) =>
        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)), $"other bits on {threads} threads");
}
