namespace Engram.Kernels;

/// <summary>
/// What a walk over sequences reads and writes, forward and backward. Rows are sequences and steps stand in the order of the
/// walk; h has <see cref="Outputs"/> elements, which are the units unless there is a projection. «Padded» sizes are whole panels of units.
/// Arrays that the way back needs keep all steps; otherwise they keep what the next step needs.
/// </summary>
internal unsafe struct WalkData<T>
    where T : unmanaged
{
    public int Batch, Steps, Inputs, Units, Outputs;

    /// <summary>Steps of each row, longest first, and rows that still walk at each step; null where all rows have all steps.</summary>
    public int* Lengths, Active;

    /// <summary>x [batch, steps, inputs]; where there are <see cref="DistinctInputs"/>, these [distinct inputs, inputs].</summary>
    public T* X;

    /// <summary>How many different inputs there are; 0 where every step has its own.</summary>
    public int DistinctInputs;

    /// <summary>Which of the different inputs a step takes [batch, steps], and b + W x of each [distinct inputs, panels · width], which sums begin with.</summary>
    public int* InputNumbers;

    /// <inheritdoc cref="InputNumbers"/>
    public T* InputSums;

    /// <summary>Packed weights: W [panels, inputs, …], U [panels, outputs, …], that of the second product, b [panels · width].</summary>
    public T* Kernel, RecurrentKernel, SecondKernel, Bias;

    /// <summary>W, U and the weights of the second product as bfloat16, see <see cref="HalfKernel{T, L}"/>; null where the walk takes those above.</summary>
    public uint* HalfKernel, HalfRecurrentKernel, HalfSecondKernel;

    /// <summary>Packed weights of the projection [⌈outputs / width⌉, units, width]; null where there is none.</summary>
    public T* Projection;

    /// <summary>Transposed packed weights, for the way back.</summary>
    public T* RecurrentTransposed, SecondTransposed, ProjectionTransposed;

    /// <summary>Weights that multiply element by element [vectors, padded], and their gradients [batch, vectors, padded].</summary>
    public T* Vectors, VectorGradients;

    /// <summary>
    /// h before each step, c before each step, and ĥ, which the products see, where units are dropped: [batch, slots, width]. Slot t stands
    /// before step t, slot t + 1 after it; with two slots in turn where only the newest is kept.
    /// </summary>
    public T* Hidden, Cells, Operand;

    /// <summary>Slots of the states, and the first in use where there are two; the width of h, and of whatever has its size.</summary>
    public int StateSlots, FirstSlot, HiddenWidth;

    /// <summary>What ĥ is of h: 0 or 1 / (1 − rate) [batch, hidden width]; null where nothing is dropped.</summary>
    public T* OperandMask;

    /// <summary>What gates and candidates take is clipped to plus or minus this; infinity where it is not.</summary>
    public T Clip;

    /// <summary>Whether h before step 0 is all zeros, so that the first step needs no recurrent product.</summary>
    public bool StartsAtZero;

    /// <summary>Zoneout: the cell's own c' [batch, kept steps, padded], before a share of c takes its place; else null.</summary>
    public T* RawCells;

    /// <summary>Zoneout: the share of the former h, and c, that stays.</summary>
    public ZoneoutShares<T> HiddenKeep, CellKeep;

    /// <summary>Gates [batch, kept steps, panels · width]; null where neither the way back, nor a second phase, nor <see cref="SumsInputsAhead"/> needs them.</summary>
    public T* Gates;

    /// <summary>What the second product multiplies, and what the projection does [batch, kept steps, padded].</summary>
    public T* Gated, Unprojected;

    /// <summary>Of which parity the first step is; a single row takes its panels in turn in one order and the other. It changes no result.</summary>
    public int FirstTurn;

    /// <summary>Numbers kept for each row [batch, kept steps, …].</summary>
    public T* Statistics;

    /// <summary>Steps that the arrays above keep: all, the last, or as many as <see cref="SumsInputsAhead"/> makes together.</summary>
    public int KeptSteps;

    /// <summary>
    /// Whether the gates receive b + W x of several steps of a single row together: W is then read once for all of them, as if they were rows of a batch.
    /// </summary>
    public bool SumsInputsAhead;

    /// <summary>Receives every hidden state [batch, steps, outputs]; null where they are not wanted.</summary>
    public T* Sequences;

    /// <summary>δy [batch, steps, outputs], null where there is none; with <see cref="HasPrefix"/> one step more, before the first.</summary>
    public T* SequencesGradient;

    /// <summary>Whether δy begins with what flows to the state before the first step.</summary>
    public bool HasPrefix;

    /// <summary>δh after the last step of each row [batch, outputs]; null where there is none. A second such gradient is added.</summary>
    public T* FinalGradient, SecondFinalGradient;

    /// <summary>δh [batch, gradient width]; receives that before the first step.</summary>
    public T* HiddenGradient;

    /// <summary>Whether δh before the first step is wanted.</summary>
    public bool WantsInitialGradient;

    /// <summary>The width of δh, in whole panels of four vectors, and of δ before the projection.</summary>
    public int GradientWidth, UnprojectedWidth;

    /// <summary>Receives δh of every step, for the projection's gradient [batch, steps, outputs]; null where there is none.</summary>
    public T* OutputGradients;

    /// <summary>δ of what the projection multiplies [batch, unprojected width].</summary>
    public T* UnprojectedGradient;

    /// <summary>δc after the last step [batch, padded]; receives that before the first.</summary>
    public T* CellGradient;

    /// <summary>Gradient of what the second product multiplies [batch, gradient width].</summary>
    public T* GatedGradient;

    /// <summary>Scratch: of cells with several phases [batch, panels · width]; of zoneout [batch, gradient width] and [batch, padded].</summary>
    public T* Scratch, HiddenKept, CellKept;

    /// <summary>Rows before <paramref name="lastRow"/> that walk at a step.</summary>
    public readonly int LastActive(int step, int lastRow) => Active is null ? lastRow : Math.Min(lastRow, Active[step]);

    /// <summary>Steps of a row.</summary>
    public readonly int LengthOf(int row) => Lengths is null ? Steps : Lengths[row];

    /// <summary>Rows that walk at a step, on average and rounded up.</summary>
    public readonly int MeanRows()
    {
        if (Lengths is null || Steps == 0)
        {
            return Batch;
        }
        long steps = 0;
        for (int row = 0; row < Batch; row++)
        {
            steps += Lengths[row];
        }
        return (int)((steps + Steps - 1) / Steps);
    }

    /// <summary>The place of the states before a step.</summary>
    public readonly int Slot(int step) => StateSlots == 2 ? (FirstSlot + step) & 1 : step;

    /// <summary>The place of what is kept of a step.</summary>
    public readonly int Kept(int step) => KeptSteps == 1 ? 0 : step < KeptSteps ? step : step % KeptSteps;
}
