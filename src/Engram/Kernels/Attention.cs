using System.Numerics;
using System.Numerics.Tensors;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// Attention over the real steps R of one sequence x [steps, features] by scores s [steps]:
/// <code>
///   α_t = e^{s_t − max s} / Σ_{u ∈ R} e^{s_u − max s}       0 for t ∉ R
///   y = Σ_t α_t x_t                                         zeros where R is empty
///
///   ds_t = α_t (dy·x_t − dy·y)                              for Σ_u α_u dα_u = Σ_u α_u dy·x_u = dy·y
///   dx_t = α_t dy
/// </code>
/// A pattern of real steps that is null means that all are.
/// </summary>
internal static unsafe class Attention<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public static void Forward(T* scores, T* x, bool* real, int steps, int features, T* weights, T* y)
    {
        Softmax(scores, real, steps, weights);
        var sum = new Span<T>(y, features);
        sum.Clear();
        for (int t = 0; t < steps; t++)
        {
            if (real is null || real[t])
            {
                TensorPrimitives.MultiplyAdd(Step(x, t, features), weights[t], sum, sum);
            }
        }
    }

    public static void ScoresBackward(T* weights, T* x, T* y, T* dy, int steps, int features, T* dScores)
    {
        T mean = T.CreateTruncating(Reduction<T, L>.Dot(dy, y, features));
        for (int t = 0; t < steps; t++)
        {
            // A step without weight may hold anything, also what is no number.
            if (weights[t] != T.Zero)
            {
                dScores[t] += weights[t] * (T.CreateTruncating(Reduction<T, L>.Dot(dy, x + (nint)t * features, features)) - mean);
            }
        }
    }

    public static void ValuesBackward(T* weights, T* dy, int steps, int features, T* dx)
    {
        for (int t = 0; t < steps; t++)
        {
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<T>(dy, features), weights[t], Step(dx, t, features), Step(dx, t, features));
        }
    }

    private static void Softmax(T* scores, bool* real, int steps, T* weights)
    {
        T largest = T.NegativeInfinity, sum = T.Zero;
        for (int t = 0; t < steps; t++)
        {
            largest = real is null || real[t] ? T.Max(largest, scores[t]) : largest;
        }
        for (int t = 0; t < steps; t++)
        {
            weights[t] = T.Zero;
            if (real is null || real[t])
            {
                L e = Activate<T, L>.Exp(L.Broadcast(scores[t] - largest));
                weights[t] = *(T*)&e;
                sum += weights[t];
            }
        }
        if (sum != T.Zero)
        {
            TensorPrimitives.Divide(new ReadOnlySpan<T>(weights, steps), sum, new Span<T>(weights, steps));
        }
    }

    private static Span<T> Step(T* x, int t, int features) => new(x + (nint)t * features, features);
}
