using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The last columns of a product where they would fill little of a vector: lanes run along the inner dimension instead, and what they hold is added up in the end. 50 columns are three vectors of 16
/// and two columns, which as a fourth vector would cost as much as the other 48 cost for a third.
/// </summary>
internal static unsafe class NarrowProduct<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Vectors from which on one more hardly matters.</summary>
    private const int ManyVectors = 16;

    /// <summary>How many of so many columns, the last ones, are better computed here: those beyond whole vectors if they fill a quarter of one at most, and there are not many vectors.</summary>
    public static int Columns(int columns) => columns % L.Count is int rest && rest <= L.Count / 4 && columns < ManyVectors * L.Count ? rest : 0;

    /// <summary>Elements from one column of b to the next, in whole vectors, the last filled with zeros.</summary>
    public static int Stride(int inner) => (inner + L.Count - 1) / L.Count * L.Count;

    /// <summary><c>c (+)= a · b</c>, for some rows and columns.</summary>
    /// <param name="a">Rows of <paramref name="inner"/> elements; what is read behind them, up to a whole vector, must be finite.</param>
    /// <param name="aStride">Elements from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="inner">Elements that are multiplied and summed.</param>
    /// <param name="b">Columns, one after the other, <see cref="Stride"/> apart.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="c">The result.</param>
    /// <param name="cStride">Elements from one of its rows to the next.</param>
    /// <param name="accumulate">Whether sums are added to what stands in c.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, nint aStride, int rows, int inner, T* b, int columns, T* c, nint cStride, bool accumulate)
    {
        int length = Stride(inner);
        for (int column = 0; column < columns; column += 2)
        {
            // Two rows and two columns make four chains of sums; of an odd number the last is its own neighbour.
            T* b0 = b + column * length, b1 = column + 1 < columns ? b0 + length : b0;
            for (int row = 0; row < rows; row += 2)
            {
                T* a0 = a + row * aStride, a1 = row + 1 < rows ? a0 + aStride : a0;
                L s00 = L.Constant(0), s01 = s00, s10 = s00, s11 = s00;
                for (int i = 0; i < length; i += L.Count)
                {
                    L x0 = L.Load(a0 + i), x1 = L.Load(a1 + i), w0 = L.Load(b0 + i), w1 = L.Load(b1 + i);
                    s00 = L.MultiplyAdd(x0, w0, s00);
                    s01 = L.MultiplyAdd(x0, w1, s01);
                    s10 = L.MultiplyAdd(x1, w0, s10);
                    s11 = L.MultiplyAdd(x1, w1, s11);
                }
                T* target = c + row * cStride + column;
                Put(target, s00, accumulate);
                if (column + 1 < columns)
                {
                    Put(target + 1, s01, accumulate);
                }
                if (row + 1 < rows)
                {
                    Put(target + cStride, s10, accumulate);
                    if (column + 1 < columns)
                    {
                        Put(target + cStride + 1, s11, accumulate);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* target, L sums, bool accumulate) => *target = accumulate ? *target + L.Sum(sums) : L.Sum(sums);
}
