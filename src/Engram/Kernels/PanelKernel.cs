using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// One term of the sum that a panel kernel accumulates:
/// <code>  Σ over repeats, Σ over steps:  A[row, step] · B[step, 0 … 4 vectors)</code>
/// Strides are in elements. A weight matrix that is multiplied from the left walks A along its columns; the gradient of weights
/// walks A and B along the rows of time × batch, a repeat for each sequence.
/// </summary>
internal unsafe struct Term<T>
    where T : unmanaged
{
    public T* A;
    public nint RowStride;
    public nint StepStride;
    public T* B;
    public nint BStride;
    public int Steps;
    public int Repeats;
    public nint ARepeat;
    public nint BRepeat;
}

/// <summary>A number of rows known to the compiler, so that code for further rows vanishes.</summary>
internal interface IRows
{
    /// <summary>1 … 6.</summary>
    static abstract int Count { get; }
}

/// <summary>
/// The product kernel under everything: up to 6 rows × 4 vectors (a panel) of sums stay in registers over all terms.
/// Each sum is one chain, from its start value through the terms, repeats and steps in their order, whatever the number of rows,
/// so that every way to cut a product into kernels gives the same bits.
/// </summary>
internal static unsafe class PanelKernel<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Columns of a panel: four vectors.</summary>
    public static int Width => 4 * L.Count;

    /// <summary>Writes <c>target[row] = start[row] + Σ terms</c> for up to <c>L.RowsInRegisters</c> rows of <see cref="Width"/> columns.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="terms">What is summed.</param>
    /// <param name="termCount">Number of terms; 0 copies the start.</param>
    /// <param name="start">Where the sums begin: a bias (stride 0), the target itself, or zeros.</param>
    /// <param name="startStride">Elements from one row of the start to the next.</param>
    /// <param name="target">Receives the sums, whole panels wide.</param>
    /// <param name="targetStride">Elements from one row of the target to the next.</param>
    public static void Run(int rows, Term<T>* terms, int termCount, T* start, nint startStride, T* target, nint targetStride)
    {
        switch (rows)
        {
            case 1: Run<Rows1>(terms, termCount, start, startStride, target, targetStride); break;
            case 2: Run<Rows2>(terms, termCount, start, startStride, target, targetStride); break;
            case 3: Run<Rows3>(terms, termCount, start, startStride, target, targetStride); break;
            case 4: Run<Rows4>(terms, termCount, start, startStride, target, targetStride); break;
            case 5: Run<Rows5>(terms, termCount, start, startStride, target, targetStride); break;
            case 6: Run<Rows6>(terms, termCount, start, startStride, target, targetStride); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<R>(Term<T>* terms, int termCount, T* start, nint startStride, T* target, nint targetStride)
        where R : struct, IRows
    {
        L a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        L c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        L e0 = default, e1 = default, e2 = default, e3 = default, f0 = default, f1 = default, f2 = default, f3 = default;
        T* s = start;
        a0 = L.Load(s); a1 = L.Load(s + L.Count); a2 = L.Load(s + 2 * L.Count); a3 = L.Load(s + 3 * L.Count);
        if (R.Count > 1) { s += startStride; b0 = L.Load(s); b1 = L.Load(s + L.Count); b2 = L.Load(s + 2 * L.Count); b3 = L.Load(s + 3 * L.Count); }
        if (R.Count > 2) { s += startStride; c0 = L.Load(s); c1 = L.Load(s + L.Count); c2 = L.Load(s + 2 * L.Count); c3 = L.Load(s + 3 * L.Count); }
        if (R.Count > 3) { s += startStride; d0 = L.Load(s); d1 = L.Load(s + L.Count); d2 = L.Load(s + 2 * L.Count); d3 = L.Load(s + 3 * L.Count); }
        if (R.Count > 4) { s += startStride; e0 = L.Load(s); e1 = L.Load(s + L.Count); e2 = L.Load(s + 2 * L.Count); e3 = L.Load(s + 3 * L.Count); }
        if (R.Count > 5) { s += startStride; f0 = L.Load(s); f1 = L.Load(s + L.Count); f2 = L.Load(s + 2 * L.Count); f3 = L.Load(s + 3 * L.Count); }

        for (Term<T>* term = terms; term < terms + termCount; term++)
        {
            nint rowStride = term->RowStride, stepStride = term->StepStride, bStride = term->BStride;
            for (int repeat = 0; repeat < term->Repeats; repeat++)
            {
                T* a = term->A + repeat * term->ARepeat;
                T* b = term->B + repeat * term->BRepeat;
                T* d = a + 3 * rowStride;
                for (int step = term->Steps; step > 0; step--)
                {
                    L w0 = L.Load(b), w1 = L.Load(b + L.Count), w2 = L.Load(b + 2 * L.Count), w3 = L.Load(b + 3 * L.Count);
                    L x = L.Broadcast(*a);
                    a0 = L.MultiplyAdd(x, w0, a0); a1 = L.MultiplyAdd(x, w1, a1); a2 = L.MultiplyAdd(x, w2, a2); a3 = L.MultiplyAdd(x, w3, a3);
                    if (R.Count > 1)
                    {
                        x = L.Broadcast(a[rowStride]);
                        b0 = L.MultiplyAdd(x, w0, b0); b1 = L.MultiplyAdd(x, w1, b1); b2 = L.MultiplyAdd(x, w2, b2); b3 = L.MultiplyAdd(x, w3, b3);
                    }
                    if (R.Count > 2)
                    {
                        x = L.Broadcast(a[2 * rowStride]);
                        c0 = L.MultiplyAdd(x, w0, c0); c1 = L.MultiplyAdd(x, w1, c1); c2 = L.MultiplyAdd(x, w2, c2); c3 = L.MultiplyAdd(x, w3, c3);
                    }
                    if (R.Count > 3)
                    {
                        x = L.Broadcast(*d);
                        d0 = L.MultiplyAdd(x, w0, d0); d1 = L.MultiplyAdd(x, w1, d1); d2 = L.MultiplyAdd(x, w2, d2); d3 = L.MultiplyAdd(x, w3, d3);
                    }
                    if (R.Count > 4)
                    {
                        x = L.Broadcast(d[rowStride]);
                        e0 = L.MultiplyAdd(x, w0, e0); e1 = L.MultiplyAdd(x, w1, e1); e2 = L.MultiplyAdd(x, w2, e2); e3 = L.MultiplyAdd(x, w3, e3);
                    }
                    if (R.Count > 5)
                    {
                        x = L.Broadcast(d[2 * rowStride]);
                        f0 = L.MultiplyAdd(x, w0, f0); f1 = L.MultiplyAdd(x, w1, f1); f2 = L.MultiplyAdd(x, w2, f2); f3 = L.MultiplyAdd(x, w3, f3);
                    }
                    a += stepStride;
                    d += stepStride;
                    b += bStride;
                }
            }
        }

        T* t = target;
        L.Store(t, a0); L.Store(t + L.Count, a1); L.Store(t + 2 * L.Count, a2); L.Store(t + 3 * L.Count, a3);
        if (R.Count > 1) { t += targetStride; L.Store(t, b0); L.Store(t + L.Count, b1); L.Store(t + 2 * L.Count, b2); L.Store(t + 3 * L.Count, b3); }
        if (R.Count > 2) { t += targetStride; L.Store(t, c0); L.Store(t + L.Count, c1); L.Store(t + 2 * L.Count, c2); L.Store(t + 3 * L.Count, c3); }
        if (R.Count > 3) { t += targetStride; L.Store(t, d0); L.Store(t + L.Count, d1); L.Store(t + 2 * L.Count, d2); L.Store(t + 3 * L.Count, d3); }
        if (R.Count > 4) { t += targetStride; L.Store(t, e0); L.Store(t + L.Count, e1); L.Store(t + 2 * L.Count, e2); L.Store(t + 3 * L.Count, e3); }
        if (R.Count > 5) { t += targetStride; L.Store(t, f0); L.Store(t + L.Count, f1); L.Store(t + 2 * L.Count, f2); L.Store(t + 3 * L.Count, f3); }
    }

    private readonly struct Rows1 : IRows { public static int Count => 1; }

    private readonly struct Rows2 : IRows { public static int Count => 2; }

    private readonly struct Rows3 : IRows { public static int Count => 3; }

    private readonly struct Rows4 : IRows { public static int Count => 4; }

    private readonly struct Rows5 : IRows { public static int Count => 5; }

    private readonly struct Rows6 : IRows { public static int Count => 6; }
}
