using System.Numerics;
using System.Numerics.Tensors;

namespace Engram.Kernels;

/// <summary>
/// Mean and maximum of one sequence x [steps, features] over its real steps R; zeros where R is empty.
/// <code>
///   mean   y = Σ_{t ∈ R} x_t / |R|      dx_t = dy / |R|
///   max    y = max_{t ∈ R} x_t          dx_t = dy at the first t that has the maximum
/// </code>
/// A pattern of real steps that is null means that all are.
/// </summary>
internal static unsafe class TimePooling<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Mean(T* x, bool* real, int steps, int features, T* y)
    {
        var sum = new Span<T>(y, features);
        sum.Clear();
        for (int t = 0; t < steps; t++)
        {
            if (IsReal(real, t))
            {
                TensorPrimitives.Add(sum, Step(x, t, features), sum);
            }
        }
        TensorPrimitives.Divide(sum, Count(real, steps), sum);
    }

    public static void MeanBackward(bool* real, T* dy, int steps, int features, T* dx)
    {
        T share = T.One / Count(real, steps);
        for (int t = 0; t < steps; t++)
        {
            if (IsReal(real, t))
            {
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<T>(dy, features), share, Step(dx, t, features), Step(dx, t, features));
            }
        }
    }

    public static void Max(T* x, bool* real, int steps, int features, T* y)
    {
        var largest = new Span<T>(y, features);
        int first = First(real, steps);
        if (first == steps)
        {
            largest.Clear();
            return;
        }
        Step(x, first, features).CopyTo(largest);
        for (int t = first + 1; t < steps; t++)
        {
            if (IsReal(real, t))
            {
                TensorPrimitives.Max(largest, Step(x, t, features), largest);
            }
        }
    }

    public static void MaxBackward(T* x, bool* real, T* y, T* dy, int steps, int features, T* dx)
    {
        int first = First(real, steps);
        for (int feature = 0; feature < features; feature++)
        {
            for (int t = first; t < steps; t++)
            {
                nint at = (nint)t * features + feature;
                if (IsReal(real, t) && x[at] == y[feature])
                {
                    dx[at] += dy[feature];
                    break;
                }
            }
        }
    }

    private static bool IsReal(bool* real, int t) => real is null || real[t];

    private static int First(bool* real, int steps)
    {
        int t = 0;
        while (t < steps && !IsReal(real, t))
        {
            t++;
        }
        return t;
    }

    /// <summary>|R|, but 1 where that is 0, so that an empty sum stays zero.</summary>
    private static T Count(bool* real, int steps)
    {
        int count = 0;
        for (int t = 0; t < steps; t++)
        {
            count += IsReal(real, t) ? 1 : 0;
        }
        return T.CreateTruncating(Math.Max(1, count));
    }

    private static Span<T> Step(T* x, int t, int features) => new(x + (nint)t * features, features);
}
