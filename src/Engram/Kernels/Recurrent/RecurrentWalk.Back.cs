using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Engram.Profiling;

namespace Engram.Kernels;

/// <content>
/// Back-propagation through time. What the way there kept in the gates is overwritten by the gradients δ of the sums; with them
/// <code>  δh[t] = δy[t] + Uᵀ δ[t+1]      δx = Wᵀ δ      δW = Σ x ⊗ δ      δU = Σ h ⊗ δ      δb = Σ δ</code>
/// of which the walk computes the first and the backend the others afterwards.
/// </content>
internal static unsafe partial class RecurrentWalk<T, L, TCell>
{
    /// <summary>Walks rows [firstRow, lastRow) back from their last step to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in WalkData<T> data, int firstRow, int lastRow)
    {
        int panels = CellPacking<T, L, TCell>.Panels(data.Units), vectors = GradientVectors(data);
        for (int step = data.Steps - 1; step >= (data.WantsInitialGradient ? -1 : 0); step--)
        {
            BeginHiddenGradient(data, step, firstRow, step < 0 ? lastRow : data.LastActive(step, lastRow));
            AddRecurrentProduct(data, step + 1, firstRow, lastRow, 0, vectors);
            if (step < 0)
            {
                return;
            }
            int last = data.LastActive(step, lastRow);
            if (HasBeginningBack(data))
            {
                BeginStepBack(data, step, firstRow, last);
            }
            for (int phase = TCell.Phases - 1; phase >= 0; phase--)
            {
                if (phase == TCell.SecondProductPhase - 1)
                {
                    SecondProductBack(data, step, firstRow, last, 0, vectors);
                }
                BackwardPanels(data, step, phase, firstRow, last, 0, panels);
                if (HasEndBack(data, phase))
                {
                    EndPhaseBack(data, step, phase, firstRow, last);
                }
            }
        }
    }

    /// <summary>A phase of a step back, for some rows and some panels of units; threads may share the panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardPanels(in WalkData<T> data, int step, int phase, int firstRow, int lastRow, int firstPanel, int lastPanel)
    {
        CellTile<T> tile = default;
        ProfiledThread? profiled = Profile.ThisThread;
        for (int panel = firstPanel; panel < lastPanel; panel++)
        {
            for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
            {
                LayGradientTile(data, step, panel, TileRows.From(row, lastRow, L.RowsInRegisters), ref tile);
                UpdateCellBack(tile, phase, profiled);
                if (CellPacking<T, L, TCell>.IsNarrow(data.Units, panel))
                {
                    BringTogether(tile, CellPacking<T, L, TCell>.UnitsIn(data.Units, panel));
                }
            }
        }
    }

    /// <summary>Gradients of slots from where the cell has left them to so many units apart, as weights have them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BringTogether(in CellTile<T> tile, int units)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            T* gates = tile.Gates.First + row * tile.Gates.Stride;
            for (int slot = 1; slot < TCell.Slots; slot++)
            {
                // What is written beyond the slot's units, zeros, the next slot overwrites; it ends before what is still to be read.
                for (int unit = 0; unit < PanelUnits; unit += L.Count)
                {
                    L.Store(gates + slot * units + unit, L.Load(gates + slot * PanelUnits + unit));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UpdateCellBack(in CellTile<T> tile, int phase, ProfiledThread? profiled)
    {
        if (profiled is null || !profiled.CountCell())
        {
            TCell.Backward(tile, phase);
            return;
        }
        long start = Stopwatch.GetTimestamp();
        TCell.Backward(tile, phase);
        profiled.AddCell(Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Whether something follows a phase back that needs whole rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasEndBack(in WalkData<T> data, int phase) => phase > 0 || data.HiddenKeep.Exist || data.CellKeep.Exist;

    /// <summary>What follows a phase back where it <see cref="HasEndBack">has an end</see>.</summary>
    public static void EndPhaseBack(in WalkData<T> data, int step, int phase, int firstRow, int lastRow)
    {
        if (phase == 0)
        {
            EndStepBack(data, firstRow, lastRow);
            return;
        }
        CellTile<T> tile = default;
        for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
        {
            LayGradientTile(data, step, 0, TileRows.From(row, lastRow, L.RowsInRegisters), ref tile);
            TCell.ReduceBack(tile, data.Units, phase);
        }
    }

    /// <summary>
    /// δh after a step, as far as it comes from the output and from after the last step; what comes from the next step is
    /// <see cref="AddRecurrentProduct"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BeginHiddenGradient(in WalkData<T> data, int step, int firstRow, int lastRow)
    {
        for (int row = firstRow; row < lastRow; row++)
        {
            var gradient = new Span<T>(data.HiddenGradient + (nint)row * data.GradientWidth, data.GradientWidth);
            Span<T> outputs = gradient[..data.Outputs];
            bool isLast = step == data.LengthOf(row) - 1;
            if (isLast || !(TCell.CarriesHidden || data.HiddenKeep.Exist))
            {
                gradient.Clear();
            }
            if (isLast)
            {
                AddRow(data.FinalGradient, row, outputs);
                AddRow(data.SecondFinalGradient, row, outputs);
            }
            else if (TCell.SecondProductPhase > 0 && data.OperandMask is null)
            {
                TensorPrimitives.Add(outputs, new ReadOnlySpan<T>(data.GatedGradient + (nint)row * data.GradientWidth, data.Outputs), outputs);
            }
            if (step >= 0 || data.HasPrefix)
            {
                nint prefix = data.HasPrefix ? 1 : 0;
                AddRow(data.SequencesGradient, row * (data.Steps + prefix) + step + prefix, outputs);
            }
        }
    }

    private static void AddRow(T* rows, nint row, Span<T> sum)
    {
        if (rows is not null)
        {
            TensorPrimitives.Add(sum, new ReadOnlySpan<T>(rows + row * sum.Length, sum.Length), sum);
        }
    }

    /// <summary>Vectors that hold δh of a row.</summary>
    public static int GradientVectors(in WalkData<T> data) => (data.Outputs + L.Count - 1) / L.Count;

    /// <summary>Adds <c>mask ⊙ Uᵀ δ</c> of the step after, where there is one, to some vectors of δh; threads may share them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRecurrentProduct(in WalkData<T> data, int next, int firstRow, int lastRow, int firstVector, int lastVector)
    {
        if (next == data.Steps)
        {
            return;
        }
        lastRow = data.LastActive(next, lastRow);
        int deltas = CellPacking<T, L, TCell>.TransposedRows(data.Units, TCell.RecurrentSlots), narrowColumns = CellPacking<T, L, TCell>.NarrowColumns(data.Outputs);
        int wholeVectors = GradientVectors(data) - (narrowColumns > 0 ? 1 : 0);
        T* tile = stackalloc T[L.RowsInRegisters * PanelKernel<T, L>.Width];
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        Term<T> term = CellPacking<T, L, TCell>.TransposedTerm(data.Units, TCell.RecurrentSlots);
        for (int vector = firstVector, vectors; vector < lastVector; vector += vectors)
        {
            int narrow = vector == wholeVectors ? narrowColumns : 0;
            vectors = narrow > 0 ? 1 : VectorsFrom(vector, Math.Min(lastVector, wholeVectors));
            int column = vector * L.Count, width = vectors * L.Count;
            term.B = narrow > 0 ? data.RecurrentTransposed + CellPacking<T, L, TCell>.NarrowStart(data.Outputs, data.Units, TCell.RecurrentSlots)
                : VectorOf(data.RecurrentTransposed, vector, deltas);
            for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
            {
                var rows = TileRows.From(row, lastRow, L.RowsInRegisters);
                T* target = data.HiddenGradient + (nint)rows.First * data.GradientWidth + column;
                nint targetStride = (nint)rows.Direction * data.GradientWidth;
                term.A = data.Gates + ((nint)rows.First * data.Steps + next) * gateRow + TCell.FirstRecurrentSlot * PanelUnits;
                term.RowStride = rows.Direction * data.Steps * gateRow;
                if (data.OperandMask is null)
                {
                    AddProduct(rows.Count, vectors, narrow, &term, target, targetStride);
                    continue;
                }
                for (int r = 0; r < rows.Count; r++)
                {
                    var line = new Span<T>(tile + r * width, width);
                    line.Clear();
                    if (TCell.SecondProductPhase > 0)
                    {
                        new Span<T>(data.GatedGradient + (nint)rows.At(r) * data.GradientWidth + column, width).CopyTo(line);
                    }
                }
                AddProduct(rows.Count, vectors, narrow, &term, tile, width);
                for (int r = 0; r < rows.Count; r++)
                {
                    T* mask = data.OperandMask + (nint)rows.At(r) * data.HiddenWidth + column;
                    for (int i = 0; i < width && column + i < data.HiddenWidth; i += L.Count)
                    {
                        T* sum = target + r * targetStride + i;
                        L.Store(sum, L.MultiplyAdd(L.Load(tile + r * width + i), L.Load(mask + i), L.Load(sum)));
                    }
                }
            }
        }
    }

    /// <summary>Adds a product, of so many vectors or, where there are such, narrow columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(int rows, int vectors, int narrow, Term<T>* term, T* target, nint stride)
    {
        if (narrow > 0)
        {
            NarrowProduct<T, L>.Run(term->A, term->RowStride, rows, term->Steps, term->B, narrow, target, stride, accumulate: true);
        }
        else
        {
            PanelKernel<T, L>.Run(rows, vectors, term, 1, target, stride, target, stride);
        }
    }

    /// <summary>How many vectors one kernel takes from here: those left in the panel.</summary>
    private static int VectorsFrom(int vector, int lastVector) => Math.Min(4 - vector % 4, lastVector - vector);

    /// <summary>Where a vector of columns stands in a matrix that is packed in panels of four.</summary>
    private static T* VectorOf(T* packed, int vector, int rows) => packed + ((nint)(vector / 4) * rows * 4 + vector % 4) * L.Count;

    /// <summary>Whether something came after the cell that needs whole rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasBeginningBack(in WalkData<T> data) => data.HiddenKeep.Exist || data.CellKeep.Exist || data.OutputGradients is not null || data.ProjectionTransposed is not null;

    /// <summary>What came after the cell, backward: zoneout, projection.</summary>
    public static void BeginStepBack(in WalkData<T> data, int step, int firstRow, int lastRow)
    {
        int padded = CellPacking<T, L, TCell>.Padded(data.Units);
        for (int row = firstRow; row < lastRow; row++)
        {
            T* gradient = data.HiddenGradient + (nint)row * data.GradientWidth;
            if (data.HiddenKeep.Exist)
            {
                T* keep = data.HiddenKeep.At(row, step);
                Zoneout<T, L>.Split(keep, gradient, data.HiddenKept + (nint)row * data.GradientWidth, data.HiddenWidth);
            }
            if (data.CellKeep.Exist)
            {
                T* keep = data.CellKeep.At(row, step);
                Zoneout<T, L>.Split(keep, data.CellGradient + (nint)row * padded, data.CellKept + (nint)row * padded, padded);
            }
            if (data.OutputGradients is not null)
            {
                var target = new Span<T>(data.OutputGradients + ((nint)row * data.Steps + step) * data.Outputs, data.Outputs);
                new Span<T>(gradient, data.Outputs).CopyTo(target);
            }
        }
        if (data.ProjectionTransposed is not null && firstRow < lastRow)
        {
            Product<T, L>.Multiply(
                Product<T, L>.LeftOperand(data.HiddenGradient, data.GradientWidth, data.Outputs), firstRow, lastRow,
                data.ProjectionTransposed, data.Units, 0, Product<T, L>.Panels(data.Units), null, data.UnprojectedGradient, data.UnprojectedWidth, accumulate: false);
        }
    }

    private static void EndStepBack(in WalkData<T> data, int firstRow, int lastRow)
    {
        int padded = CellPacking<T, L, TCell>.Padded(data.Units);
        for (int row = firstRow; row < lastRow; row++)
        {
            if (data.HiddenKeep.Exist)
            {
                var gradient = new Span<T>(data.HiddenGradient + (nint)row * data.GradientWidth, data.HiddenWidth);
                var kept = new ReadOnlySpan<T>(data.HiddenKept + (nint)row * data.GradientWidth, data.HiddenWidth);
                if (TCell.CarriesHidden)
                {
                    TensorPrimitives.Add(gradient, kept, gradient);
                }
                else
                {
                    kept.CopyTo(gradient);
                }
            }
            if (data.CellKeep.Exist)
            {
                var gradient = new Span<T>(data.CellGradient + (nint)row * padded, padded);
                TensorPrimitives.Add(gradient, new ReadOnlySpan<T>(data.CellKept + (nint)row * padded, padded), gradient);
            }
        }
    }

    /// <summary>δq = U₂ᵀ δ of slot 0, for what the second product multiplied: some vectors of it.</summary>
    public static void SecondProductBack(in WalkData<T> data, int step, int firstRow, int lastRow, int firstVector, int lastVector)
    {
        int width = PanelKernel<T, L>.Width, deltas = CellPacking<T, L, TCell>.TransposedRows(data.Units, 1);
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        T* zeros = stackalloc T[width];
        new Span<T>(zeros, width).Clear();
        Term<T> term = CellPacking<T, L, TCell>.TransposedTerm(data.Units, 1);
        for (int vector = firstVector, vectors; vector < lastVector; vector += vectors)
        {
            vectors = VectorsFrom(vector, lastVector);
            term.B = VectorOf(data.SecondTransposed, vector, deltas);
            for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
            {
                var rows = TileRows.From(row, lastRow, L.RowsInRegisters);
                term.A = data.Gates + ((nint)rows.First * data.Steps + step) * gateRow;
                term.RowStride = rows.Direction * data.Steps * gateRow;
                T* target = data.GatedGradient + (nint)rows.First * data.GradientWidth + vector * L.Count;
                PanelKernel<T, L>.Run(rows.Count, vectors, &term, 1, zeros, 0, target, (nint)rows.Direction * data.GradientWidth);
            }
        }
    }

    /// <summary>What a cell sees on the way back: δh' in place of h', and gradients beside what it saw on the way there.</summary>
    private static void LayGradientTile(in WalkData<T> data, int step, int panel, TileRows rows, ref CellTile<T> tile)
    {
        int unit = panel * PanelUnits, padded = CellPacking<T, L, TCell>.Padded(data.Units);
        nint row = rows.First, direction = rows.Direction;
        LayTile(data, step, panel, rows, ref tile);
        if (data.Projection is null)
        {
            tile.Hidden.Lay(data.HiddenGradient + row * data.GradientWidth + unit, direction * data.GradientWidth);
        }
        else
        {
            tile.Hidden.Lay(data.UnprojectedGradient + row * data.UnprojectedWidth + unit, direction * data.UnprojectedWidth);
        }
        if (TCell.HasCell)
        {
            tile.CellGradient.Lay(data.CellGradient + row * padded + unit, direction * padded);
        }
        if (TCell.WeightVectors > 0)
        {
            nint vectors = (nint)TCell.WeightVectors * padded;
            tile.VectorGradients.Lay(data.VectorGradients + row * vectors + unit, direction * vectors);
        }
        if (TCell.SecondProductPhase > 0)
        {
            tile.Gated.Lay(data.GatedGradient + row * data.GradientWidth + unit, direction * data.GradientWidth);
        }
        if (TCell.Phases > 1)
        {
            nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
            tile.Scratch.Lay(data.Scratch + row * gateRow + (nint)panel * PanelWidth, direction * gateRow);
        }
    }
}
