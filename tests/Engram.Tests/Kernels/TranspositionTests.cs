using CsCheck;
using Engram.Kernels;

namespace Engram.Tests.Kernels;

/// <summary>Transposition against two nested loops, of every size, within larger matrices whose other elements stay as they are.</summary>
public sealed unsafe class TranspositionTests
{
    private static readonly Gen<(int Rows, int Columns, int SourceGap, int TargetGap)> _sizes = Gen.Select(Gen.Int[0, 70], Gen.Int[0, 40], Gen.Int[0, 9], Gen.Int[0, 9]);

    [Fact]
    public void Columns_become_rows_in_single_precision() => _sizes.Sample(sizes => IsRight<float>(sizes, i => i));

    [Fact]
    public void Columns_become_rows_in_double_precision() => _sizes.Sample(sizes => IsRight<double>(sizes, i => i));

    private static bool IsRight<T>((int Rows, int Columns, int SourceGap, int TargetGap) sizes, Func<int, T> number)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        (int rows, int columns, int sourceStride, int targetStride) = (sizes.Rows, sizes.Columns, sizes.Columns + sizes.SourceGap, sizes.Rows + sizes.TargetGap);
        T[] source = [.. Enumerable.Range(1, rows * sourceStride).Select(number)], target = new T[columns * targetStride];
        T[] expected = new T[target.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                expected[j * targetStride + i] = source[i * sourceStride + j];
            }
        }
        fixed (T* from = source, to = target)
        {
            Transposition<T>.Run(from, sourceStride, rows, columns, to, targetStride);
        }
        return expected.AsSpan().SequenceEqual(target);
    }
}
