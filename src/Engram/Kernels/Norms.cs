using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>w ← w · min(1, c / ‖w‖) for each row or each column of a matrix by itself.</summary>
internal static unsafe class Norms<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private const int Block = 64;

    public static void LimitRows(T* w, int rows, int columns, double maximum)
    {
        for (int row = 0; row < rows; row++, w += columns)
        {
            T factor = Factor(Reduction<T, L>.SumOfSquares(w, columns), maximum);
            for (int column = 0; factor != T.One && column < columns; column++)
            {
                w[column] *= factor;
            }
        }
    }

    /// <summary>Sums run from the first row to the last.</summary>
    public static void LimitColumns(T* w, int rows, int columns, double maximum)
    {
        double* squares = stackalloc double[Block];
        T* factors = stackalloc T[Block];
        for (int first = 0; first < columns; first += Block)
        {
            int width = Math.Min(Block, columns - first);
            new Span<double>(squares, width).Clear();
            for (int row = 0; row < rows; row++)
            {
                T* at = w + (nint)row * columns + first;
                for (int i = 0; i < width; i++)
                {
                    double value = double.CreateTruncating(at[i]);
                    squares[i] += value * value;
                }
            }
            for (int i = 0; i < width; i++)
            {
                factors[i] = Factor(squares[i], maximum);
            }
            for (int row = 0; row < rows; row++)
            {
                T* at = w + (nint)row * columns + first;
                for (int i = 0; i < width; i++)
                {
                    at[i] *= factors[i];
                }
            }
        }
    }

    private static T Factor(double squares, double maximum)
    {
        double norm = Math.Sqrt(squares);
        return norm > maximum ? T.CreateTruncating(maximum / norm) : T.One;
    }
}
