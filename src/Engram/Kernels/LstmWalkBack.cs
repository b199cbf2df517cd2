using System.Numerics;
using System.Numerics.Tensors;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// Back-propagation through time of <see cref="LstmWalk{T, L}"/>, for some rows of the batch. The gates that the way there kept
/// are overwritten by the gradients δ of their pre-activations; with them
/// <code>  δh[t] = δy[t] + Uᵀ δ[t+1]      δx = Wᵀ δ      δW = Σ x ⊗ δ      δU = Σ h ⊗ δ      δb = Σ δ</code>
/// </summary>
internal unsafe struct LstmWalkBack<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public int Batch, Steps, Units;

    /// <summary>Gates [batch, steps, panels · width]; receives δ.</summary>
    public T* Gates;

    /// <summary>Cell states [batch, steps, padded], and c before step 0 [batch, padded].</summary>
    public T* Cells, InitialCell;

    /// <summary>Uᵀ packed [hidden panels, panels · width, width].</summary>
    public T* RecurrentTransposed;

    /// <summary>δy for every step [batch, steps, units]; null where there is none.</summary>
    public T* SequencesGradient;

    /// <summary>δh after the last step [batch, units]; null where there is none. A second such gradient is added.</summary>
    public T* FinalGradient, SecondFinalGradient;

    /// <summary>δc after the last step [batch, padded]; receives that before step 0.</summary>
    public T* CellGradient;

    /// <summary>Receives δh before step 0 [batch, padded]; null where it is not wanted.</summary>
    public T* InitialHiddenGradient;

    private static int Width => PanelKernel<T, L>.Width;

    private readonly int Panels => (Units + L.Count - 1) / L.Count;

    private readonly int Padded => Panels * L.Count;

    /// <summary>Walks rows [firstRow, lastRow) back from the last step to the first.</summary>
    public readonly void Run(int firstRow, int lastRow)
    {
        int hiddenPanels = (Padded + Width - 1) / Width;
        nint gateRow = (nint)Panels * Width;
        nint gatesStride = Steps * gateRow, cellsStride = (nint)Steps * Padded;
        T* tile = stackalloc T[L.RowsInRegisters * Width];
        var term = new Term<T> { RowStride = gatesStride, StepStride = 1, BStride = Width, Steps = (int)gateRow, Repeats = 1 };

        // Step −1 is no step: it only takes δh[−1] = Uᵀ δ[0].
        int lastStep = InitialHiddenGradient is null ? 0 : -1;
        for (int step = Steps - 1; step >= lastStep; step--)
        {
            T* previousCell = step > 0 ? Cells + (nint)(step - 1) * Padded : InitialCell;
            nint previousStride = step > 0 ? cellsStride : Padded;
            for (int panel = 0; panel < hiddenPanels; panel++)
            {
                term.B = RecurrentTransposed + panel * gateRow * Width;
                for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
                {
                    int rows = Math.Min(L.RowsInRegisters, lastRow - row);
                    GatherOutputGradient(tile, row, rows, panel, step);
                    if (step < Steps - 1)
                    {
                        term.A = Gates + row * gatesStride + (step + 1) * gateRow;
                        PanelKernel<T, L>.Run(rows, &term, 1, tile, Width, tile, Width);
                    }
                    if (step < 0)
                    {
                        StoreInitialGradient(tile, row, rows, panel);
                        continue;
                    }
                    for (int vector = 0; vector < 4 && panel * 4 + vector < Panels; vector++)
                    {
                        nint unitPanel = panel * 4 + vector, unit = unitPanel * L.Count;
                        LstmCell<T, L>.Backward(
                            rows, tile + vector * L.Count, Width,
                            Gates + row * gatesStride + step * gateRow + unitPanel * Width, gatesStride,
                            previousCell + row * previousStride + unit, previousStride,
                            Cells + row * cellsStride + (nint)step * Padded + unit, cellsStride,
                            CellGradient + (nint)row * Padded + unit, Padded);
                    }
                }
            }
        }
    }

    /// <summary>δy of one panel of units and some rows, zeros where nothing comes in.</summary>
    private readonly void GatherOutputGradient(T* tile, int row, int rows, int panel, int step)
    {
        int first = panel * Width, width = Math.Min(Width, Units - first);
        for (int r = 0; r < rows; r++)
        {
            var line = new Span<T>(tile + r * Width, Width);
            line.Clear();
            Span<T> units = line[..width];
            if (SequencesGradient is not null && step >= 0)
            {
                new Span<T>(SequencesGradient + ((nint)(row + r) * Steps + step) * Units + first, width).CopyTo(units);
            }
            if (step == Steps - 1)
            {
                AddFinal(FinalGradient, row + r, first, units);
                AddFinal(SecondFinalGradient, row + r, first, units);
            }
        }
    }

    private readonly void AddFinal(T* gradient, int row, int first, Span<T> units)
    {
        if (gradient is not null)
        {
            TensorPrimitives.Add(units, new ReadOnlySpan<T>(gradient + (nint)row * Units + first, units.Length), units);
        }
    }

    private readonly void StoreInitialGradient(T* tile, int row, int rows, int panel)
    {
        int first = panel * Width, width = Math.Min(Width, Padded - first);
        for (int r = 0; r < rows; r++)
        {
            new Span<T>(tile + r * Width, width).CopyTo(new Span<T>(InitialHiddenGradient + (nint)(row + r) * Padded + first, width));
        }
    }
}
