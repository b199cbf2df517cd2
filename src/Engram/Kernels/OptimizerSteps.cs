using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>One step of an optimizer over one array of weights, in one sweep. g stands for the gradient times the clipping factor.</summary>
internal static unsafe class OptimizerSteps<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>
    /// <code>
    ///   plain       w ← w − η g
    ///   momentum    v ← μ v − η g,   w ← w + v
    ///   Nesterov    v ← μ v − η g,   w ← w + μ v − η g
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sgd(T* w, T* gradient, T* velocity, long count, in SgdStep step)
    {
        T rate = T.CreateTruncating(step.LearningRate), momentum = T.CreateTruncating(step.Momentum);
        T scale = T.CreateTruncating(step.GradientScale);
        for (long i = 0; i < count; i++)
        {
            T move = -rate * (scale * gradient[i]);
            if (velocity is not null)
            {
                velocity[i] = momentum * velocity[i] + move;
                move = step.Nesterov ? momentum * velocity[i] + move : velocity[i];
            }
            w[i] += move;
        }
    }

    /// <summary>
    /// Kingma &amp; Ba 2014, algorithm 1, with the bias corrections drawn into the step size:
    /// <code>
    ///   m ← β₁ m + (1 − β₁) g       v ← β₂ v + (1 − β₂) g²
    ///   w ← w − η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε √(1 − β₂ᵗ))
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam(T* w, T* gradient, T* first, T* second, long count, in AdamStep step)
    {
        double correction = Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step));
        double rate = step.LearningRate * correction / (1 - Math.Pow(step.Beta1, step.Step));
        L beta1 = L.Broadcast(T.CreateTruncating(step.Beta1)), rest1 = L.Broadcast(T.CreateTruncating(1 - step.Beta1));
        L beta2 = L.Broadcast(T.CreateTruncating(step.Beta2)), rest2 = L.Broadcast(T.CreateTruncating(1 - step.Beta2));
        L minusRate = L.Broadcast(T.CreateTruncating(-rate)), epsilon = L.Broadcast(T.CreateTruncating(step.Epsilon * correction));
        L scale = L.Broadcast(T.CreateTruncating(step.GradientScale));

        // Storages can be read and written a panel beyond their end, so the last vector needs no care.
        for (long i = 0; i < count; i += L.Count)
        {
            L g = scale * L.Load(gradient + i);
            L m = L.MultiplyAdd(beta1, L.Load(first + i), rest1 * g);
            L v = L.MultiplyAdd(beta2, L.Load(second + i), rest2 * (g * g));
            L.Store(first + i, m);
            L.Store(second + i, v);
            L.Store(w + i, L.MultiplyAdd(minusRate, m / (L.Sqrt(v) + epsilon), L.Load(w + i)));
        }
    }
}
