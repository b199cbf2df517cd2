using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// A recurrent cell: its equations for one step, forward and backward. The walk does the rest: time, rows, products, masks, states.
/// <para>
/// For every unit the walk sums products into <see cref="Slots"/> accumulators, slot s = bias + W x + U h, of which W x reaches the slots
/// from <see cref="FirstInputSlot"/> on, U h those from <see cref="FirstRecurrentSlot"/> on. A panel is <see cref="UnitVectors"/> vectors of units ×
/// all slots. Then <see cref="Forward"/> makes the new state from the sums.
/// </para>
/// <para>
/// A cell that needs all units of a row at once has more than one phase: each walks over all panels, and after each
/// <see cref="Reduce"/> sees whole rows. Before the phase <see cref="SecondProductPhase"/> the walk adds a second product, with what the cell left in
/// <see cref="CellTile{T}.Gated"/>, to slot 0.
/// </para>
/// </summary>
internal interface ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Vectors of units in a panel; with <see cref="Slots"/> at most four vectors in all.</summary>
    static virtual int UnitVectors => 1;

    /// <summary>Accumulators of a unit.</summary>
    static abstract int Slots { get; }

    /// <summary>The slot of each column block of W, as users know the weights.</summary>
    static abstract ReadOnlySpan<int> InputBlocks { get; }

    /// <summary>The slot of each column block of U.</summary>
    static abstract ReadOnlySpan<int> RecurrentBlocks { get; }

    /// <summary>The slot of each block of b.</summary>
    static abstract ReadOnlySpan<int> BiasBlocks { get; }

    /// <summary>First of the slots, one after the other, that receive W x.</summary>
    static virtual int FirstInputSlot => 0;

    /// <summary>Number of slots that receive W x.</summary>
    static abstract int InputSlots { get; }

    /// <summary>First of the slots, one after the other, that receive U h.</summary>
    static virtual int FirstRecurrentSlot => 0;

    /// <summary>Number of slots that receive U h.</summary>
    static abstract int RecurrentSlots { get; }

    /// <summary>Whether there is a cell state c beside h.</summary>
    static virtual bool HasCell => false;

    /// <summary>Whether h' depends on h past the products, so that <see cref="Backward"/> leaves a part of δh.</summary>
    static virtual bool CarriesHidden => false;

    /// <summary>Weights that multiply element by element, in vectors of units.</summary>
    static virtual int WeightVectors => 0;

    /// <summary>Numbers kept for each row and step.</summary>
    static virtual int Statistics => 0;

    /// <summary>Phases of a step.</summary>
    static virtual int Phases => 1;

    /// <summary>The forward phase that a second product precedes; backward, the phase of that number precedes it. 0: there is none.</summary>
    static virtual int SecondProductPhase => 0;

    /// <summary>From the sums to the new state.</summary>
    static abstract void Forward(in CellTile<T> tile, int phase);

    /// <summary>From δh' and δc' to the gradients of the sums; phases are counted as in <see cref="Forward"/>, from the last to 0.</summary>
    static abstract void Backward(in CellTile<T> tile, int phase);

    /// <summary>After a forward phase, over whole rows: the tile stands at the first panel.</summary>
    /// <param name="tile">Rows to reduce.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="phase">The phase just done.</param>
    static virtual void Reduce(in CellTile<T> tile, int units, int phase)
    {
    }

    /// <summary>After a backward phase, over whole rows.</summary>
    /// <inheritdoc cref="Reduce"/>
    static virtual void ReduceBack(in CellTile<T> tile, int units, int phase)
    {
    }
}
