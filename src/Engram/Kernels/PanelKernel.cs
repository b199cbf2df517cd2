using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The product kernel under everything: up to 6 rows × up to 4 vectors (a panel) of sums stay in registers over all terms.
/// Each sum is one chain, from its start value through the terms, repeats and steps in their order, whatever the number of rows
/// and vectors, so that every way to cut a product into kernels gives the same bits.
/// </summary>
[SkipLocalsInit]
internal static unsafe class PanelKernel<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>A row of zeros, for sums that begin at none.</summary>
    private static readonly T* _zeros = (T*)NativeMemory.AllocZeroed((nuint)Width, (nuint)sizeof(T));

    /// <summary>Columns of a whole panel: four vectors.</summary>
    public static int Width => 4 * L.Count;

    /// <summary>The same for whole panels of four vectors.</summary>
    /// <inheritdoc cref="Run(int, int, Term{T}*, int, T*, nint, T*, nint)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, Term<T>* terms, int termCount, T* start, nint startStride, T* target, nint targetStride) =>
        Run<Of4>(rows, terms, termCount, start, startStride, target, targetStride);

    /// <summary>Writes <c>target[row] = start[row] + Σ terms</c> for up to <c>L.RowsInRegisters</c> rows of some vectors.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="vectors">Vectors in a row, 1 … 4.</param>
    /// <param name="terms">What is summed.</param>
    /// <param name="termCount">Number of terms; 0 copies the start.</param>
    /// <param name="start">Where the sums begin: a bias (stride 0), the target itself, or zeros.</param>
    /// <param name="startStride">Elements from one row of the start to the next.</param>
    /// <param name="target">Receives the sums, whole vectors wide.</param>
    /// <param name="targetStride">Elements from one row of the target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // the number of vectors is a constant where it counts
    public static void Run(int rows, int vectors, Term<T>* terms, int termCount, T* start, nint startStride, T* target, nint targetStride)
    {
        switch (vectors)
        {
            case 1: Run<Of1>(rows, terms, termCount, start, startStride, target, targetStride); break;
            case 2: Run<Of2>(rows, terms, termCount, start, startStride, target, targetStride); break;
            case 3: Run<Of3>(rows, terms, termCount, start, startStride, target, targetStride); break;
            case 4: Run<Of4>(rows, terms, termCount, start, startStride, target, targetStride); break;
            default: throw new ArgumentOutOfRangeException(nameof(vectors));
        }
    }

    /// <summary>
    /// The same for the columns of a result that may end within a panel: no more than <paramref name="columns"/> of the start are read and of the
    /// target written.
    /// </summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="vectors">Vectors in a row of the terms, 1 … 4.</param>
    /// <param name="columns">Columns wanted; more than the vectors hold means all.</param>
    /// <param name="term">What is summed.</param>
    /// <param name="start">Where the sums begin; null for zeros.</param>
    /// <param name="startStride">Elements from one row of the start to the next.</param>
    /// <param name="target">Receives the sums.</param>
    /// <param name="targetStride">Elements from one row of the target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunColumns(int rows, int vectors, int columns, Term<T>* term, T* start, nint startStride, T* target, nint targetStride)
    {
        if (columns >= vectors * L.Count)
        {
            FetchTarget(rows, vectors, target, targetStride);
            Run(rows, vectors, term, 1, start is null ? _zeros : start, start is null ? 0 : startStride, target, targetStride);
        }
        else
        {
            RunEdge(rows, vectors, Math.Min(columns, vectors * L.Count), term, start, startStride, target, targetStride);
        }
    }

    /// <summary>Has the lines of the target brought while the sums are made, where rows of a wide result lie far apart: the processor writes one after the other. A narrow result is near anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchTarget(int rows, int vectors, T* target, nint targetStride)
    {
        for (int row = 0; row < rows && targetStride * sizeof(T) >= Caches.Page; row++)
        {
            Caches.Fetch(target + row * targetStride, vectors * L.Count);
        }
    }

    private static void RunEdge(int rows, int vectors, int columns, Term<T>* term, T* start, nint startStride, T* target, nint targetStride)
    {
        int width = vectors * L.Count;
        T* tile = stackalloc T[6 * Width];
        var lines = new Span<T>(tile, rows * width);
        lines.Clear();
        for (int row = 0; row < rows && start is not null; row++)
        {
            new Span<T>(start + row * startStride, columns).CopyTo(lines[(row * width)..]);
        }
        Run(rows, vectors, term, 1, tile, width, tile, width);
        for (int row = 0; row < rows; row++)
        {
            lines.Slice(row * width, columns).CopyTo(new Span<T>(target + row * targetStride, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V>(int rows, Term<T>* terms, int termCount, T* start, nint startStride, T* target, nint targetStride)
        where V : struct, ICount
    {
        switch (rows)
        {
            case 1: Run<Of1, V>(terms, termCount, start, startStride, target, targetStride); break;
            case 2: Run<Of2, V>(terms, termCount, start, startStride, target, targetStride); break;
            case 3: Run<Of3, V>(terms, termCount, start, startStride, target, targetStride); break;
            case 4: Run<Of4, V>(terms, termCount, start, startStride, target, targetStride); break;
            case 5: Run<Of5, V>(terms, termCount, start, startStride, target, targetStride); break;
            case 6: Run<Of6, V>(terms, termCount, start, startStride, target, targetStride); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<R, V>(Term<T>* terms, int termCount, T* start, nint startStride, T* target, nint targetStride)
        where R : struct, ICount
        where V : struct, ICount
    {
        L a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        L c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        L e0 = default, e1 = default, e2 = default, e3 = default, f0 = default, f1 = default, f2 = default, f3 = default;
        T* s = start;
        a0 = L.Load(s);
        if (V.Count > 1) { a1 = L.Load(s + L.Count); }
        if (V.Count > 2) { a2 = L.Load(s + 2 * L.Count); }
        if (V.Count > 3) { a3 = L.Load(s + 3 * L.Count); }
        if (R.Count > 1)
        {
            s += startStride;
            b0 = L.Load(s);
            if (V.Count > 1) { b1 = L.Load(s + L.Count); }
            if (V.Count > 2) { b2 = L.Load(s + 2 * L.Count); }
            if (V.Count > 3) { b3 = L.Load(s + 3 * L.Count); }
        }
        if (R.Count > 2)
        {
            s += startStride;
            c0 = L.Load(s);
            if (V.Count > 1) { c1 = L.Load(s + L.Count); }
            if (V.Count > 2) { c2 = L.Load(s + 2 * L.Count); }
            if (V.Count > 3) { c3 = L.Load(s + 3 * L.Count); }
        }
        if (R.Count > 3)
        {
            s += startStride;
            d0 = L.Load(s);
            if (V.Count > 1) { d1 = L.Load(s + L.Count); }
            if (V.Count > 2) { d2 = L.Load(s + 2 * L.Count); }
            if (V.Count > 3) { d3 = L.Load(s + 3 * L.Count); }
        }
        if (R.Count > 4)
        {
            s += startStride;
            e0 = L.Load(s);
            if (V.Count > 1) { e1 = L.Load(s + L.Count); }
            if (V.Count > 2) { e2 = L.Load(s + 2 * L.Count); }
            if (V.Count > 3) { e3 = L.Load(s + 3 * L.Count); }
        }
        if (R.Count > 5)
        {
            s += startStride;
            f0 = L.Load(s);
            if (V.Count > 1) { f1 = L.Load(s + L.Count); }
            if (V.Count > 2) { f2 = L.Load(s + 2 * L.Count); }
            if (V.Count > 3) { f3 = L.Load(s + 3 * L.Count); }
        }

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
                    // All rows' x first, then b vector by vector: no more registers than the sixteen of AVX2.
                    L xa = L.Broadcast(*a), xb = default, xc = default, xd = default, xe = default, xf = default;
                    if (R.Count > 1) { xb = L.Broadcast(a[rowStride]); }
                    if (R.Count > 2) { xc = L.Broadcast(a[2 * rowStride]); }
                    if (R.Count > 3) { xd = L.Broadcast(*d); }
                    if (R.Count > 4) { xe = L.Broadcast(d[rowStride]); }
                    if (R.Count > 5) { xf = L.Broadcast(d[2 * rowStride]); }
                    L w = L.Load(b);
                    a0 = L.MultiplyAdd(xa, w, a0);
                    if (R.Count > 1) { b0 = L.MultiplyAdd(xb, w, b0); }
                    if (R.Count > 2) { c0 = L.MultiplyAdd(xc, w, c0); }
                    if (R.Count > 3) { d0 = L.MultiplyAdd(xd, w, d0); }
                    if (R.Count > 4) { e0 = L.MultiplyAdd(xe, w, e0); }
                    if (R.Count > 5) { f0 = L.MultiplyAdd(xf, w, f0); }
                    if (V.Count > 1)
                    {
                        w = L.Load(b + L.Count);
                        a1 = L.MultiplyAdd(xa, w, a1);
                        if (R.Count > 1) { b1 = L.MultiplyAdd(xb, w, b1); }
                        if (R.Count > 2) { c1 = L.MultiplyAdd(xc, w, c1); }
                        if (R.Count > 3) { d1 = L.MultiplyAdd(xd, w, d1); }
                        if (R.Count > 4) { e1 = L.MultiplyAdd(xe, w, e1); }
                        if (R.Count > 5) { f1 = L.MultiplyAdd(xf, w, f1); }
                    }
                    if (V.Count > 2)
                    {
                        w = L.Load(b + 2 * L.Count);
                        a2 = L.MultiplyAdd(xa, w, a2);
                        if (R.Count > 1) { b2 = L.MultiplyAdd(xb, w, b2); }
                        if (R.Count > 2) { c2 = L.MultiplyAdd(xc, w, c2); }
                        if (R.Count > 3) { d2 = L.MultiplyAdd(xd, w, d2); }
                        if (R.Count > 4) { e2 = L.MultiplyAdd(xe, w, e2); }
                        if (R.Count > 5) { f2 = L.MultiplyAdd(xf, w, f2); }
                    }
                    if (V.Count > 3)
                    {
                        w = L.Load(b + 3 * L.Count);
                        a3 = L.MultiplyAdd(xa, w, a3);
                        if (R.Count > 1) { b3 = L.MultiplyAdd(xb, w, b3); }
                        if (R.Count > 2) { c3 = L.MultiplyAdd(xc, w, c3); }
                        if (R.Count > 3) { d3 = L.MultiplyAdd(xd, w, d3); }
                        if (R.Count > 4) { e3 = L.MultiplyAdd(xe, w, e3); }
                        if (R.Count > 5) { f3 = L.MultiplyAdd(xf, w, f3); }
                    }
                    a += stepStride;
                    d += stepStride;
                    b += bStride;
                }
            }
        }

        T* t = target;
        L.Store(t, a0);
        if (V.Count > 1) { L.Store(t + L.Count, a1); }
        if (V.Count > 2) { L.Store(t + 2 * L.Count, a2); }
        if (V.Count > 3) { L.Store(t + 3 * L.Count, a3); }
        if (R.Count > 1)
        {
            t += targetStride;
            L.Store(t, b0);
            if (V.Count > 1) { L.Store(t + L.Count, b1); }
            if (V.Count > 2) { L.Store(t + 2 * L.Count, b2); }
            if (V.Count > 3) { L.Store(t + 3 * L.Count, b3); }
        }
        if (R.Count > 2)
        {
            t += targetStride;
            L.Store(t, c0);
            if (V.Count > 1) { L.Store(t + L.Count, c1); }
            if (V.Count > 2) { L.Store(t + 2 * L.Count, c2); }
            if (V.Count > 3) { L.Store(t + 3 * L.Count, c3); }
        }
        if (R.Count > 3)
        {
            t += targetStride;
            L.Store(t, d0);
            if (V.Count > 1) { L.Store(t + L.Count, d1); }
            if (V.Count > 2) { L.Store(t + 2 * L.Count, d2); }
            if (V.Count > 3) { L.Store(t + 3 * L.Count, d3); }
        }
        if (R.Count > 4)
        {
            t += targetStride;
            L.Store(t, e0);
            if (V.Count > 1) { L.Store(t + L.Count, e1); }
            if (V.Count > 2) { L.Store(t + 2 * L.Count, e2); }
            if (V.Count > 3) { L.Store(t + 3 * L.Count, e3); }
        }
        if (R.Count > 5)
        {
            t += targetStride;
            L.Store(t, f0);
            if (V.Count > 1) { L.Store(t + L.Count, f1); }
            if (V.Count > 2) { L.Store(t + 2 * L.Count, f2); }
            if (V.Count > 3) { L.Store(t + 3 * L.Count, f3); }
        }
    }

    /// <summary>A number known to the compiler, so that code for further rows and vectors vanishes.</summary>
    private interface ICount
    {
        /// <summary>1 … 6.</summary>
        static abstract int Count { get; }
    }

    private readonly struct Of1 : ICount { public static int Count => 1; }

    private readonly struct Of2 : ICount { public static int Count => 2; }

    private readonly struct Of3 : ICount { public static int Count => 3; }

    private readonly struct Of4 : ICount { public static int Count => 4; }

    private readonly struct Of5 : ICount { public static int Count => 5; }

    private readonly struct Of6 : ICount { public static int Count => 6; }
}
