namespace Engram.Kernels;

/// <summary>
/// What a cell works on: some rows of the batch and the units of one panel, all slots side by side; each of these has a line for every
/// row. What a cell does not declare a use for, see <see cref="ICell{T, L}"/>, is undefined: h and ĥ are there for cells that carry h past the products or have
/// a second one.
/// </summary>
internal struct CellTile<T>
    where T : unmanaged
{
    /// <summary>Rows of the batch.</summary>
    public int Rows;

    /// <summary>Forward: what gates and candidates take is clipped to plus or minus this; infinity where it is not.</summary>
    public T Clip;

    /// <summary>Forward: the sums, slot by slot; a cell leaves there what its way back needs. Backward: receives their gradients.</summary>
    public Lines<T> Gates;

    /// <summary>h, the hidden state before the step.</summary>
    public Lines<T> PreviousHidden;

    /// <summary>ĥ, what the recurrent weights multiply: h, with units dropped where there is recurrent dropout.</summary>
    public Lines<T> Operand;

    /// <summary>Forward: receives h'. Backward: holds δh'; receives the part of δh that reaches h past the products.</summary>
    public Lines<T> Hidden;

    /// <summary>c, the cell state before the step.</summary>
    public Lines<T> PreviousCell;

    /// <summary>c'.</summary>
    public Lines<T> Cell;

    /// <summary>Backward: δc' as far as it comes from the next step; receives δc.</summary>
    public Lines<T> CellGradient;

    /// <summary>
    /// Forward: receives what the second product multiplies. Backward: holds its gradient; receives the part of δĥ that comes from it.
    /// </summary>
    public Lines<T> Gated;

    /// <summary>Weights that multiply element by element: a line for each vector of units.</summary>
    public Lines<T> Vectors;

    /// <summary>Backward: their gradients, summed over time for each row apart; vectors lie as far apart as in <see cref="Vectors"/>.</summary>
    public Lines<T> VectorGradients;

    /// <summary>Numbers that describe a whole row, such as means.</summary>
    public Lines<T> Statistics;

    /// <summary>Backward: scratch as large as the gates.</summary>
    public Lines<T> Scratch;
}
