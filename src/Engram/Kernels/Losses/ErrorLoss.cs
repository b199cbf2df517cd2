using System.Numerics;
using Engram.Backends;

namespace Engram.Kernels.Losses;

/// <summary>
/// Losses of each element's error e = predicted − target, and their derivatives:
/// <code>
///   squared    e²                                           2 e
///   absolute   |e|                                          sign e
///   Huber      e²/2 for |e| ≤ δ, else δ (|e| − δ/2)         e for |e| ≤ δ, else δ sign e
/// </code>
/// </summary>
internal readonly unsafe struct ErrorLoss<T>(LossKind kind, T delta, int columns) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => columns;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        T half = T.CreateTruncating(0.5);
        double sum = 0;
        for (int i = 0; i < columns; i++)
        {
            T error = predicted[i] - target[i], size = T.Abs(error);
            (T loss, T slope) = kind switch
            {
                LossKind.MeanSquared => (error * error, error + error),
                LossKind.MeanAbsolute => (size, Sign(error)),
                _ => size <= delta ? (half * error * error, error) : (delta * (size - half * delta), delta * Sign(error)),
            };
            sum += double.CreateTruncating(loss);
            if (gradient is not null)
            {
                gradient[i] = slope * scale;
            }
        }
        return sum;
    }

    // Unlike T.Sign this keeps what is no number.
    private static T Sign(T x) => x > T.Zero ? T.One : x < T.Zero ? -T.One : x;
}
