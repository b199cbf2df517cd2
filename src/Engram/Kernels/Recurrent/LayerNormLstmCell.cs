using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The LSTM with layer normalisation (Ba, Kiros &amp; Hinton 2016): each gate's sums a = W x + U h are normalised over the units of the
/// row, and so is the cell state on its way out. Slots and blocks: i, f, g, o; vectors: γ of i, f, g, o, β of i, f, g, o, γ and β of c.
/// <code>
///   N(a) = (a − mean a) / √(var a + 1e-5)
///   i, f, o = σ(γ ⊙ N(a) + β)      g = tanh(γ ⊙ N(a) + β)
///   c' = f ⊙ c + i ⊙ g             h' = o ⊙ tanh(γ ⊙ N(c') + β)
/// </code>
/// Phases: 0 sums the row, 1 makes c', 2 makes h'. The way back needs the normalised sums, from which it makes the gates again.
/// </summary>
internal readonly unsafe struct LayerNormLstmCell<T, L> : ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Added to the variance.</summary>
    private const double Epsilon = 1e-5;

    // Places among the vectors and among the numbers kept for a row.
    private const int Gain = 0, Shift = 4, CellGain = 8, CellShift = 9;
    private const int Scale = 0, CellMean = 4, CellScale = 5, FirstMean = 6, SecondMean = 10;

    public static int Slots => 4;

    public static ReadOnlySpan<int> InputBlocks => [0, 1, 2, 3];

    public static ReadOnlySpan<int> RecurrentBlocks => [0, 1, 2, 3];

    public static ReadOnlySpan<int> BiasBlocks => [];

    public static int InputSlots => 4;

    public static int RecurrentSlots => 4;

    public static bool HasCell => true;

    public static int WeightVectors => 10;

    public static int Statistics => 14;

    public static int Phases => 3;

    public static void Forward(in CellTile<T> tile, int phase)
    {
        switch (phase)
        {
            case 1: UpdateCell(tile); break;
            case 2: PutOut(tile); break;
        }
    }

    public static void Backward(in CellTile<T> tile, int phase)
    {
        switch (phase)
        {
            case 2: PutOutBack(tile); break;
            case 1: UpdateCellBack(tile); break;
            default: NormalizeBack(tile); break;
        }
    }

    public static void Reduce(in CellTile<T> tile, int units, int phase)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            T* statistics = tile.Statistics.First + row * tile.Statistics.Stride;
            if (phase == 0)
            {
                for (int gate = 0; gate < 4; gate++)
                {
                    Moments(tile.Gates.First + row * tile.Gates.Stride + gate * L.Count, Slots * L.Count, units, statistics + FirstMean + gate, statistics + Scale + gate);
                }
            }
            else
            {
                Moments(tile.Cell.First + row * tile.Cell.Stride, L.Count, units, statistics + CellMean, statistics + CellScale);
            }
        }
    }

    public static void ReduceBack(in CellTile<T> tile, int units, int phase)
    {
        T count = T.CreateTruncating(units);
        for (int row = 0; row < tile.Rows; row++)
        {
            T* statistics = tile.Statistics.First + row * tile.Statistics.Stride;
            if (phase == 2)
            {
                // mean v and mean v ⊙ N(c') = (Σ v ⊙ c' − mean c' · Σ v) · scale
                T* v = tile.Hidden.First + row * tile.Hidden.Stride;
                T sum = RowSums<T, L>.Sum(v, L.Count, units);
                T dot = RowSums<T, L>.Dot(v, L.Count, tile.Cell.First + row * tile.Cell.Stride, L.Count, units);
                statistics[FirstMean] = sum / count;
                statistics[SecondMean] = (dot - statistics[CellMean] * sum) * statistics[CellScale] / count;
                continue;
            }
            for (int gate = 0; gate < 4; gate++)
            {
                nint slot = gate * L.Count, stride = Slots * L.Count;
                T* w = tile.Scratch.First + row * tile.Scratch.Stride + slot;
                statistics[FirstMean + gate] = RowSums<T, L>.Sum(w, stride, units) / count;
                statistics[SecondMean + gate] = RowSums<T, L>.Dot(w, stride, tile.Gates.First + row * tile.Gates.Stride + slot, stride, units) / count;
            }
        }
    }

    /// <summary>From the sums to N(a), which stays in their place, and c'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void UpdateCell(in CellTile<T> tile)
    {
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            T* gates = tile.Gates.First + row * tile.Gates.Stride, statistics = tile.Statistics.First + row * tile.Statistics.Stride;
            for (int gate = 0; gate < 4; gate++)
            {
                T* a = gates + gate * L.Count;
                L.Store(a, (L.Load(a) - L.Broadcast(statistics[FirstMean + gate])) * L.Broadcast(statistics[Scale + gate]));
            }
            L i = Activate<T, L>.Sigmoid(Affine(tile, gates, 0), clip), f = Activate<T, L>.Sigmoid(Affine(tile, gates, 1), clip);
            L g = Activate<T, L>.Tanh(Affine(tile, gates, 2), clip);
            L.Store(tile.Cell.First + row * tile.Cell.Stride, L.MultiplyAdd(f, L.Load(tile.PreviousCell.First + row * tile.PreviousCell.Stride), i * g));
        }
    }

    /// <summary>From c' to h'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PutOut(in CellTile<T> tile)
    {
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            L o = Activate<T, L>.Sigmoid(Affine(tile, tile.Gates.First + row * tile.Gates.Stride, 3), clip);
            L.Store(tile.Hidden.First + row * tile.Hidden.Stride, o * Activate<T, L>.Tanh(CellAffine(tile, NormalizedCell(tile, row))));
        }
    }

    /// <summary>
    /// With y = tanh(γ ⊙ N(c') + β):
    /// <code>  δo = δh' ⊙ y ⊙ o(1 − o)      u = δh' ⊙ o ⊙ (1 − y²)      δγ += u ⊙ N(c')      δβ += u      v = u ⊙ γ</code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PutOutBack(in CellTile<T> tile)
    {
        L one = L.Constant(1);
        for (int row = 0; row < tile.Rows; row++)
        {
            T* hidden = tile.Hidden.First + row * tile.Hidden.Stride, sums = tile.VectorGradients.First + row * tile.VectorGradients.Stride;
            L o = Activate<T, L>.Sigmoid(Affine(tile, tile.Gates.First + row * tile.Gates.Stride, 3));
            L cell = NormalizedCell(tile, row), y = Activate<T, L>.Tanh(CellAffine(tile, cell)), h = L.Load(hidden);
            L u = h * o * (one - y * y);
            L.Store(tile.Scratch.First + row * tile.Scratch.Stride + 3 * L.Count, h * y * o * (one - o));
            AddTo(sums + CellGain * tile.Vectors.Stride, u * cell);
            AddTo(sums + CellShift * tile.Vectors.Stride, u);
            L.Store(hidden, u * L.Load(tile.Vectors.First + CellGain * tile.Vectors.Stride));
        }
    }

    /// <summary>
    /// <code>
    ///   δc' = δc + scale · (v − mean v − N(c') ⊙ mean(v ⊙ N(c')))
    ///   δi = δc' ⊙ g ⊙ i(1 − i)      δf = δc' ⊙ c ⊙ f(1 − f)      δg = δc' ⊙ i ⊙ (1 − g²)      δc ← δc' ⊙ f
    ///   for each gate's δ:  δγ += δ ⊙ N(a)      δβ += δ      w = δ ⊙ γ
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void UpdateCellBack(in CellTile<T> tile)
    {
        L one = L.Constant(1);
        for (int row = 0; row < tile.Rows; row++)
        {
            T* gates = tile.Gates.First + row * tile.Gates.Stride, statistics = tile.Statistics.First + row * tile.Statistics.Stride;
            T* cellGradient = tile.CellGradient.First + row * tile.CellGradient.Stride, scratch = tile.Scratch.First + row * tile.Scratch.Stride;
            T* sums = tile.VectorGradients.First + row * tile.VectorGradients.Stride;
            L v = L.Load(tile.Hidden.First + row * tile.Hidden.Stride);
            L inner = v - L.Broadcast(statistics[FirstMean]) - NormalizedCell(tile, row) * L.Broadcast(statistics[SecondMean]);
            L c = L.MultiplyAdd(L.Broadcast(statistics[CellScale]), inner, L.Load(cellGradient));
            L i = Activate<T, L>.Sigmoid(Affine(tile, gates, 0)), f = Activate<T, L>.Sigmoid(Affine(tile, gates, 1));
            L g = Activate<T, L>.Tanh(Affine(tile, gates, 2));
            L.Store(cellGradient, c * f);
            L.Store(scratch, c * g * i * (one - i));
            L.Store(scratch + L.Count, c * L.Load(tile.PreviousCell.First + row * tile.PreviousCell.Stride) * f * (one - f));
            L.Store(scratch + 2 * L.Count, c * i * (one - g * g));
            for (int gate = 0; gate < 4; gate++)
            {
                L gradient = L.Load(scratch + gate * L.Count);
                AddTo(sums + (Gain + gate) * tile.Vectors.Stride, gradient * L.Load(gates + gate * L.Count));
                AddTo(sums + (Shift + gate) * tile.Vectors.Stride, gradient);
                L.Store(scratch + gate * L.Count, gradient * L.Load(tile.Vectors.First + (Gain + gate) * tile.Vectors.Stride));
            }
        }
    }

    /// <summary><c>δa = scale · (w − mean w − N(a) ⊙ mean(w ⊙ N(a)))</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizeBack(in CellTile<T> tile)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            T* statistics = tile.Statistics.First + row * tile.Statistics.Stride;
            for (int gate = 0; gate < 4; gate++)
            {
                T* a = tile.Gates.First + row * tile.Gates.Stride + gate * L.Count;
                L w = L.Load(tile.Scratch.First + row * tile.Scratch.Stride + gate * L.Count);
                L inner = w - L.Broadcast(statistics[FirstMean + gate]) - L.Load(a) * L.Broadcast(statistics[SecondMean + gate]);
                L.Store(a, L.Broadcast(statistics[Scale + gate]) * inner);
            }
        }
    }

    private static void Moments(T* a, nint stride, int units, T* mean, T* scale)
    {
        T count = T.CreateTruncating(units);
        *mean = RowSums<T, L>.Sum(a, stride, units) / count;
        *scale = T.One / T.Sqrt(RowSums<T, L>.SquaredDeviations(a, stride, units, *mean) / count + T.CreateTruncating(Epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Affine(in CellTile<T> tile, T* gates, int gate) => L.MultiplyAdd(
        L.Load(tile.Vectors.First + (Gain + gate) * tile.Vectors.Stride), L.Load(gates + gate * L.Count), L.Load(tile.Vectors.First + (Shift + gate) * tile.Vectors.Stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L CellAffine(in CellTile<T> tile, L cell) =>
        L.MultiplyAdd(L.Load(tile.Vectors.First + CellGain * tile.Vectors.Stride), cell, L.Load(tile.Vectors.First + CellShift * tile.Vectors.Stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L NormalizedCell(in CellTile<T> tile, int row)
    {
        T* statistics = tile.Statistics.First + row * tile.Statistics.Stride;
        return (L.Load(tile.Cell.First + row * tile.Cell.Stride) - L.Broadcast(statistics[CellMean])) * L.Broadcast(statistics[CellScale]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(T* sum, L value) => L.Store(sum, L.Load(sum) + value);
}
