using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The LSTM over whole sequences, for some rows of the batch: every worker walks its rows through all of time alone. Units are
/// padded to whole vectors; a panel is one vector of units × (i, f, g, o), so that a row's four gates come out of one kernel.
/// All matrices lie batch-first. Weights, packed by <see cref="LstmPacking{T, L}"/>, are shared.
/// </summary>
internal unsafe struct LstmWalk<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public int Batch, Steps, Inputs, Units;

    /// <summary>x [batch, steps, inputs].</summary>
    public T* X;

    /// <summary>Packed weights: W [panels, inputs, width], U [panels, units, width], b [panels, width].</summary>
    public T* Kernel, RecurrentKernel, Bias;

    /// <summary>Two hidden states in turn [2, batch, padded]; the first holds h before step 0.</summary>
    public T* Hidden;

    /// <summary>Whether h before step 0 is all zeros, so that the first step needs no recurrent product.</summary>
    public bool StartsAtZero;

    /// <summary>c before step 0 [batch, padded].</summary>
    public T* InitialCell;

    /// <summary>Gates [batch, steps, panels · width], or null where no gradient is wanted.</summary>
    public T* Gates;

    /// <summary>Cell states [batch, steps, padded], or [batch, padded], the latest alone, where <see cref="Gates"/> is null.</summary>
    public T* Cells;

    /// <summary>Receives every hidden state [batch, steps, units]; null where they are not wanted.</summary>
    public T* Sequences;

    /// <summary>Units rounded up to whole vectors.</summary>
    public readonly int Padded => Panels * L.Count;

    /// <summary>Panels of the gates.</summary>
    public readonly int Panels => (Units + L.Count - 1) / L.Count;

    private static int Width => PanelKernel<T, L>.Width;

    /// <summary>Walks rows [firstRow, lastRow) through all steps. Afterwards the newest hidden state is in buffer <c>Steps % 2</c>.</summary>
    public readonly void Forward(int firstRow, int lastRow)
    {
        bool saves = Gates is not null;
        nint gateRow = (nint)Panels * Width;
        nint gatesStride = saves ? Steps * gateRow : Width;
        nint cellsStride = saves ? (nint)Steps * Padded : Padded;
        T* scratch = stackalloc T[L.RowsInRegisters * Width];
        Term<T>* terms = stackalloc Term<T>[2];
        terms[0] = new Term<T> { RowStride = (nint)Steps * Inputs, StepStride = 1, BStride = Width, Steps = Inputs, Repeats = 1 };
        terms[1] = new Term<T> { RowStride = Padded, StepStride = 1, BStride = Width, Steps = Units, Repeats = 1 };

        for (int step = 0; step < Steps; step++)
        {
            T* previousHidden = Hidden + (nint)(step & 1) * Batch * Padded;
            T* hidden = Hidden + (nint)((step + 1) & 1) * Batch * Padded;
            T* previousCell = step == 0 ? InitialCell : saves ? Cells + (nint)(step - 1) * Padded : Cells;
            nint previousStride = step == 0 ? Padded : cellsStride;
            T* cell = saves ? Cells + (nint)step * Padded : Cells;
            int termCount = step == 0 && StartsAtZero ? 1 : 2;
            for (int panel = 0; panel < Panels; panel++)
            {
                nint unit = (nint)panel * L.Count;
                terms[0].B = Kernel + (nint)panel * Inputs * Width;
                terms[1].B = RecurrentKernel + (nint)panel * Units * Width;
                for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
                {
                    int rows = Math.Min(L.RowsInRegisters, lastRow - row);
                    T* gates = saves ? Gates + row * gatesStride + step * gateRow + (nint)panel * Width : scratch;
                    terms[0].A = X + ((nint)row * Steps + step) * Inputs;
                    terms[1].A = previousHidden + (nint)row * Padded;
                    PanelKernel<T, L>.Run(rows, terms, termCount, Bias + (nint)panel * Width, 0, gates, gatesStride);
                    LstmCell<T, L>.Forward(
                        rows, gates, gatesStride, previousCell + row * previousStride + unit, previousStride,
                        cell + row * cellsStride + unit, cellsStride, hidden + (nint)row * Padded + unit, Padded);
                }
            }
            if (Sequences is not null)
            {
                for (int row = firstRow; row < lastRow; row++)
                {
                    var h = new Span<T>(hidden + (nint)row * Padded, Units);
                    h.CopyTo(new Span<T>(Sequences + ((nint)row * Steps + step) * Units, Units));
                }
            }
        }
    }
}
