using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;
using Engram.Profiling;

namespace Engram.Kernels;

/// <summary>
/// A recurrent layer over whole sequences, for some rows of the batch and any cell: through all of time at once, or a phase of a step for some panels, where threads share the units too. A panel is some units with all their slots, so that what a cell needs of a unit comes out of one kernel while it is near.
/// </summary>
[SkipLocalsInit] // to clear some kilobytes of stack at every step takes longer than a cell
internal static unsafe partial class RecurrentWalk<T, L, TCell>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
    where TCell : struct, ICell<T, L>
{
    private static int PanelUnits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CellPacking<T, L, TCell>.PanelUnits;
    }

    private static int PanelWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CellPacking<T, L, TCell>.PanelWidth;
    }

    private static int InputWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.InputSlots * PanelUnits;
    }

    private static int RecurrentWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.RecurrentSlots * PanelUnits;
    }

    /// <summary>Whether the products of x and h reach the same slots, so that one kernel sums both.</summary>
    private static bool IsOneSum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.FirstInputSlot == TCell.FirstRecurrentSlot && TCell.InputSlots == TCell.RecurrentSlots;
    }

    /// <summary>Panels of a single row whose sums are made before their cells, so that the processor works on all of these cells together.</summary>
    private const int PanelsAtOnce = 8;

    /// <summary>Whether the panels of a single row may stand as the rows of a tile: what a cell sees of each then lies equally far apart.</summary>
    private static bool PanelsMayBeRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.Phases == 1 && TCell.WeightVectors == 0 && TCell.Statistics == 0;
    }

    /// <summary>Whether b + W x of a single row may be summed before its steps are walked.</summary>
    public static bool MaySumInputsAhead => PanelsMayBeRows && IsOneSum;

    /// <summary>Walks rows [firstRow, lastRow) through all their steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in WalkData<T> data, int firstRow, int lastRow)
    {
        int panels = CellPacking<T, L, TCell>.Panels(data.Units);
        for (int step = 0; step < data.Steps; step++)
        {
            int last = data.LastActive(step, lastRow);
            for (int phase = 0; phase < TCell.Phases; phase++)
            {
                ForwardPanels(data, step, phase, firstRow, last, 0, panels);
                if (HasEnd(data, phase))
                {
                    EndPhase(data, step, phase, firstRow, last);
                }
            }
        }
    }

    /// <summary>A phase of a step, for some rows and some panels of units. Panels need nothing of one another, so threads may share them.</summary>
    public static void ForwardPanels(in WalkData<T> data, int step, int phase, int firstRow, int lastRow, int firstPanel, int lastPanel)
    {
        Term<T>* terms = stackalloc Term<T>[3];
        LayTerms(data, terms);
        if (PanelsMayBeRows && lastRow - firstRow == 1)
        {
            ForwardRow(data, terms, step, firstRow, firstPanel, lastPanel);
        }
        else
        {
            ForwardRows(data, terms, step, phase, firstRow, lastRow, firstPanel, lastPanel);
        }
        if (data.Sequences is not null && !HasEnd(data, phase))
        {
            PutOut(data, step, firstRow, lastRow, firstPanel * PanelUnits, Math.Min(lastPanel * PanelUnits, data.Outputs));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRows(in WalkData<T> data, Term<T>* terms, int step, int phase, int firstRow, int lastRow, int firstPanel, int lastPanel)
    {
        T* scratch = stackalloc T[L.RowsInRegisters * PanelWidth];
        CellTile<T> tile = default;
        ProfiledThread? profiled = Profile.ThisThread;
        for (int panel = firstPanel; panel < lastPanel; panel++)
        {
            for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
            {
                var rows = TileRows.From(row, lastRow, L.RowsInRegisters);
                LayTile(data, step, panel, rows, ref tile);
                LayRows(data, terms, step, rows);
                if (data.Gates is null)
                {
                    tile.Gates.Lay(scratch, PanelWidth);
                }
                if (phase == 0)
                {
                    SumProducts(data, tile, terms, step, rows, panel);
                }
                else if (phase == TCell.SecondProductPhase)
                {
                    SumSecondProduct(data, tile, terms, step, panel);
                }
                UpdateCell(tile, phase, profiled);
            }
        }
    }

    /// <summary>
    /// The same for one row. Every other step takes the panels from the last to the first: the weights that the step before has used last are still in
    /// the caches.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRow(in WalkData<T> data, Term<T>* terms, int step, int row, int firstPanel, int lastPanel)
    {
        T* scratch = stackalloc T[PanelsAtOnce * PanelWidth];
        CellTile<T> tile = default;
        bool backwards = ((data.FirstTurn + step) & 1) != 0;
        int count = lastPanel - firstPanel;
        var rows = new TileRows(row, 1, 1);
        LayRows(data, terms, step, rows);
        ProfiledThread? profiled = Profile.ThisThread;
        if (data.SumsInputsAhead && step % L.RowsInRegisters == 0)
        {
            // As many steps as a kernel has rows.
            T* sums = data.Gates + ((nint)row * data.KeptSteps + data.Kept(step)) * CellPacking<T, L, TCell>.GateRow(data.Units);
            SumInputs(data, terms[0].A, Math.Min(L.RowsInRegisters, data.Steps - step), sums, firstPanel, lastPanel);
        }
        for (int done = 0; done < count; done += PanelsAtOnce)
        {
            int panels = Math.Min(PanelsAtOnce, count - done), first = backwards ? lastPanel - done - panels : firstPanel + done;
            LayTile(data, step, first, rows, ref tile);
            if (data.Gates is null)
            {
                tile.Gates.First = scratch;
            }
            T* gates = tile.Gates.First;
            for (int i = 0; i < panels; i++)
            {
                int panel = backwards ? panels - 1 - i : i;
                tile.Gates.First = gates + panel * PanelWidth;
                SumProducts(data, tile, terms, step, rows, first + panel);
            }
            tile.Rows = panels;
            tile.Gates.Lay(gates, PanelWidth);
            tile.PreviousHidden.Stride = tile.Operand.Stride = tile.Hidden.Stride = tile.PreviousCell.Stride = tile.Cell.Stride = PanelUnits;
            UpdateCell(tile, 0, profiled);
        }
    }

    /// <summary>The cell of a tile; a profile times some of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpdateCell(in CellTile<T> tile, int phase, ProfiledThread? profiled)
    {
        if (profiled is null || !profiled.CountCell())
        {
            TCell.Forward(tile, phase);
            return;
        }
        long start = Stopwatch.GetTimestamp();
        TCell.Forward(tile, phase);
        profiled.AddCell(Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Whether something follows a phase that needs whole rows, or that the next step waits for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasEnd(in WalkData<T> data, int phase) =>
        phase < TCell.Phases - 1 || data.Projection is not null || data.HiddenKeep.Exist || data.CellKeep.Exist || data.Operand is not null;

    /// <summary>What follows a phase where it <see cref="HasEnd">has an end</see>.</summary>
    public static void EndPhase(in WalkData<T> data, int step, int phase, int firstRow, int lastRow)
    {
        if (phase == TCell.Phases - 1)
        {
            EndStep(data, step, firstRow, lastRow);
            return;
        }
        CellTile<T> tile = default;
        for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
        {
            LayTile(data, step, 0, TileRows.From(row, lastRow, L.RowsInRegisters), ref tile);
            TCell.Reduce(tile, data.Units, phase);
        }
    }

    /// <summary>What follows the cell, row by row: projection, zoneout, dropout of what the next step sees, output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EndStep(in WalkData<T> data, int step, int firstRow, int lastRow)
    {
        int padded = CellPacking<T, L, TCell>.Padded(data.Units), width = data.HiddenWidth;
        if (data.Projection is not null && firstRow < lastRow)
        {
            nint stateRow = (nint)data.StateSlots * width, row = (nint)data.KeptSteps * padded;
            Product<T, L>.Multiply(
                Product<T, L>.LeftOperand(data.Unprojected + (nint)data.Kept(step) * padded, row, data.Units), firstRow, lastRow,
                data.Projection, data.Outputs, 0, Product<T, L>.Panels(data.Outputs), null, data.Hidden + (nint)data.Slot(step + 1) * width, stateRow, accumulate: false);
        }
        for (int row = firstRow; row < lastRow; row++)
        {
            nint before = (nint)row * data.StateSlots + data.Slot(step), after = (nint)row * data.StateSlots + data.Slot(step + 1);
            T* h = data.Hidden + after * width;
            if (data.HiddenKeep.Exist)
            {
                T* keep = data.HiddenKeep.At(row, step);
                Zoneout<T, L>.Mix(keep, data.Hidden + before * width, h, h, width);
            }
            if (data.CellKeep.Exist)
            {
                T* keep = data.CellKeep.At(row, step);
                T* raw = data.RawCells + ((nint)row * data.KeptSteps + data.Kept(step)) * padded;
                Zoneout<T, L>.Mix(keep, data.Cells + before * padded, raw, data.Cells + after * padded, padded);
            }
            if (data.Operand is not null)
            {
                for (int i = 0; i < width; i += L.Count)
                {
                    L.Store(data.Operand + after * width + i, L.Load(h + i) * L.Load(data.OperandMask + (nint)row * width + i));
                }
            }
        }
        if (data.Sequences is not null)
        {
            PutOut(data, step, firstRow, lastRow, 0, data.Outputs);
        }
    }

    /// <summary>Some columns of h to the output.</summary>
    private static void PutOut(in WalkData<T> data, int step, int firstRow, int lastRow, int firstColumn, int lastColumn)
    {
        for (int row = firstRow; row < lastRow; row++)
        {
            T* h = data.Hidden + ((nint)row * data.StateSlots + data.Slot(step + 1)) * data.HiddenWidth, y = data.Sequences + ((nint)row * data.Steps + step) * data.Outputs;
            new Span<T>(h + firstColumn, lastColumn - firstColumn).CopyTo(new Span<T>(y + firstColumn, lastColumn - firstColumn));
        }
    }

    /// <summary>What a cell sees, forward; the way back puts gradients in place of some of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LayTile(in WalkData<T> data, int step, int panel, TileRows rows, ref CellTile<T> tile)
    {
        int unit = panel * PanelUnits, padded = CellPacking<T, L, TCell>.Padded(data.Units), width = data.HiddenWidth;
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        nint before = (nint)rows.First * data.StateSlots + data.Slot(step), after = (nint)rows.First * data.StateSlots + data.Slot(step + 1);
        nint kept = (nint)rows.First * data.KeptSteps + data.Kept(step);
        nint stateStride = (nint)rows.Direction * data.StateSlots, keptStride = (nint)rows.Direction * data.KeptSteps;
        nint hiddenRow = stateStride * width, cellRow = stateStride * padded, keptRow = keptStride * padded;
        tile.Rows = rows.Count;
        tile.Clip = data.Clip;
        tile.Gates.Lay(data.Gates + kept * gateRow + (nint)panel * PanelWidth, keptStride * gateRow);
        if (TCell.CarriesHidden || TCell.SecondProductPhase > 0)
        {
            tile.PreviousHidden.Lay(data.Hidden + before * width + unit, hiddenRow);
            tile.Operand.Lay((data.Operand is null ? data.Hidden : data.Operand) + before * width + unit, hiddenRow);
        }
        if (data.Projection is null)
        {
            tile.Hidden.Lay(data.Hidden + after * width + unit, hiddenRow);
        }
        else
        {
            tile.Hidden.Lay(data.Unprojected + kept * padded + unit, keptRow);
        }
        if (TCell.HasCell)
        {
            tile.PreviousCell.Lay(data.Cells + before * padded + unit, cellRow);
            if (data.RawCells is null)
            {
                tile.Cell.Lay(data.Cells + after * padded + unit, cellRow);
            }
            else
            {
                tile.Cell.Lay(data.RawCells + kept * padded + unit, keptRow);
            }
        }
        if (TCell.WeightVectors > 0)
        {
            tile.Vectors.Lay(data.Vectors + unit, padded);
        }
        if (TCell.Statistics > 0)
        {
            tile.Statistics.Lay(data.Statistics + kept * TCell.Statistics, keptStride * TCell.Statistics);
        }
        if (TCell.SecondProductPhase > 0)
        {
            tile.Gated.Lay(data.Gated + kept * padded + unit, keptRow);
        }
    }
}
