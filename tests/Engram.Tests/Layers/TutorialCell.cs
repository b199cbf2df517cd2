using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Tests.Layers;

/// <summary>
/// The cell of section 3.2 of the tutorial. Slots and blocks of W: u, i, f, o; blocks of U and b: i, f, o, since u has W x alone.
/// <code>
///   i, f, o = σ(W x + U h + b)      u = W x
///   v = tanh(f ⊙ c + u)             c' = i ⊙ v             h' = o ⊙ tanh c'
/// </code>
/// </summary>
internal readonly unsafe struct TutorialCell<T, L> : ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public static int Slots => 4;

    public static ReadOnlySpan<int> InputBlocks => [0, 1, 2, 3];

    public static ReadOnlySpan<int> RecurrentBlocks => [1, 2, 3];

    public static ReadOnlySpan<int> BiasBlocks => [1, 2, 3];

    public static int InputSlots => 4;

    public static int FirstRecurrentSlot => 1;

    public static int RecurrentSlots => 3;

    public static bool HasCell => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in CellTile<T> tile, int phase)
    {
        T* slots = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First, hidden = tile.Hidden.First;
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            L i = Activate<T, L>.Sigmoid(L.Load(slots + L.Count), clip);
            L f = Activate<T, L>.Sigmoid(L.Load(slots + 2 * L.Count), clip);
            L o = Activate<T, L>.Sigmoid(L.Load(slots + 3 * L.Count), clip);
            L v = Activate<T, L>.Tanh(L.MultiplyAdd(f, L.Load(previousCell), L.Load(slots)), clip);
            L.Store(slots, v);
            L.Store(slots + L.Count, i);
            L.Store(slots + 2 * L.Count, f);
            L.Store(slots + 3 * L.Count, o);

            L c = i * v;
            L.Store(cell, c);
            L.Store(hidden, o * Activate<T, L>.Tanh(c));

            slots += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
            hidden += tile.Hidden.Stride;
        }
    }

    /// <summary>
    /// <code>
    ///   δo = δh ⊙ tanh c' ⊙ o(1 − o)      δc' = δc + δh ⊙ o ⊙ (1 − tanh² c')
    ///   δi = δc' ⊙ v ⊙ i(1 − i)           δu  = δc' ⊙ i ⊙ (1 − v²)
    ///   δf = δu ⊙ c ⊙ f(1 − f)            δc ← δu ⊙ f
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in CellTile<T> tile, int phase)
    {
        T* slots = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First, hidden = tile.Hidden.First, cellGradient = tile.CellGradient.First;
        L one = L.Constant(1);
        for (int row = 0; row < tile.Rows; row++)
        {
            L v = L.Load(slots), i = L.Load(slots + L.Count), f = L.Load(slots + 2 * L.Count), o = L.Load(slots + 3 * L.Count);
            L h = L.Load(hidden);
            L tanh = Activate<T, L>.Tanh(L.Load(cell));
            L c = L.MultiplyAdd(h * o, one - tanh * tanh, L.Load(cellGradient));
            L u = c * i * (one - v * v);

            L.Store(slots, u);
            L.Store(slots + L.Count, c * v * i * (one - i));
            L.Store(slots + 2 * L.Count, u * L.Load(previousCell) * f * (one - f));
            L.Store(slots + 3 * L.Count, h * tanh * o * (one - o));
            L.Store(cellGradient, u * f);

            slots += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
            hidden += tile.Hidden.Stride;
            cellGradient += tile.CellGradient.Stride;
        }
    }
}

/// <summary>The cell by name: how users see its weights, and what computes it.</summary>
internal sealed class TutorialDescription() : RecurrentCell(CellLayout.Of<TutorialCell<float, Lane<float>>>())
{
    public static TutorialDescription Instance { get; } = new();

    public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, TutorialCell<T, L>>(backend);
}

/// <summary>
/// The layer. Weights: <c>kernel</c> W [features, 4 · units] in column blocks u, i, f, o; <c>recurrent_kernel</c> U [units, 3 · units] and
/// <c>bias</c> [3 · units] in blocks i, f, o.
/// </summary>
internal sealed class TutorialLayer(int units) : RecurrentLayer(units)
{
    public override string Kind => "tutorial";

    private protected override RecurrentCell Cell => TutorialDescription.Instance;

    /// <summary>Applies the layer from a given state and returns the state after the last step beside the output.</summary>
    public (Tensor Output, LstmState State) Apply(Pass pass, Tensor input, LstmState? initial)
    {
        (Tensor output, Tensor hidden, Tensor cell) = Walk(pass, input, initial?.Hidden ?? default, initial?.Cell ?? default);
        return (output, new LstmState(hidden, cell));
    }
}
