using System.Numerics;
using System.Numerics.Tensors;
using Engram.Backends;

namespace Engram.Kernels;

/// <summary>
/// The windows of one sequence x [steps, features] side by side, as a matrix that convolution is a product with, and back:
/// <code>
///   column[t, k] = x[t − before + k · dilation]      zeros outside of the sequence and at steps that are not real
///   dx[s] += Σ dcolumn[t, k] over t, k with t − before + k · dilation = s
/// </code>
/// </summary>
internal static unsafe class Windows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Unfold(T* x, bool* real, in TimeWindows windows, T* columns)
    {
        for (int t = 0; t < windows.OutputSteps; t++)
        {
            for (int k = 0; k < windows.Size; k++, columns += windows.Features)
            {
                var to = new Span<T>(columns, windows.Features);
                int step = t - windows.Before + k * windows.Dilation;
                if (IsRead(real, step, windows.Steps))
                {
                    new ReadOnlySpan<T>(x + (nint)step * windows.Features, windows.Features).CopyTo(to);
                }
                else
                {
                    to.Clear();
                }
            }
        }
    }

    public static void Fold(T* columns, bool* real, in TimeWindows windows, T* dx)
    {
        for (int t = 0; t < windows.OutputSteps; t++)
        {
            for (int k = 0; k < windows.Size; k++, columns += windows.Features)
            {
                int step = t - windows.Before + k * windows.Dilation;
                if (IsRead(real, step, windows.Steps))
                {
                    var to = new Span<T>(dx + (nint)step * windows.Features, windows.Features);
                    TensorPrimitives.Add(to, new ReadOnlySpan<T>(columns, windows.Features), to);
                }
            }
        }
    }

    private static bool IsRead(bool* real, int step, int steps) => (uint)step < (uint)steps && (real is null || real[step]);
}
