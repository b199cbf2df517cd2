using System.Numerics;
using Engram.Backends;

namespace Engram.Kernels;

/// <summary>
/// Elementwise losses of e = predicted − target, as the mean over all elements, and their gradients:
/// <code>
///   squared    e²                                           2 e
///   absolute   |e|                                          sign e
///   Huber      e²/2 for |e| ≤ δ, else δ (|e| − δ/2)         e for |e| ≤ δ, else δ sign e
/// </code>
/// </summary>
internal static unsafe class Losses<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The mean loss; its gradient with respect to the prediction where one is wanted.</summary>
    public static double Run(LossKind kind, double parameter, T* predicted, T* target, long count, T* gradient)
    {
        T delta = T.CreateTruncating(parameter), half = T.CreateTruncating(0.5), inverse = T.One / T.CreateTruncating(count);
        double sum = 0;
        for (long i = 0; i < count; i++)
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
                gradient[i] = slope * inverse;
            }
        }
        return sum / count;
    }

    // Unlike T.Sign this keeps what is no number.
    private static T Sign(T x) => x > T.Zero ? T.One : x < T.Zero ? -T.One : x;
}
