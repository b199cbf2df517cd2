using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engram.Kernels;

/// <content>
/// The products of a step, W x + U ĥ + b for the slots of a panel: of whole panels, of a last panel whose slots lie closer together, and of weights in bfloat16.
/// </content>
internal static unsafe partial class RecurrentWalk<T, L, TCell>
{
    /// <summary>A panel's units of ones and as many of zeros: what is read from some place on tells so many units from none.</summary>
    private static readonly T* _onesThenZeros = OnesThenZeros();

    /// <summary>What a step multiplies: x, ĥ, and the operand of the second product; where these lie is told for each tile.</summary>
    private static void LayTerms(in WalkData<T> data, Term<T>* terms)
    {
        terms[0] = Term(InputWidth, data.Inputs);
        terms[1] = Term(RecurrentWidth, data.Outputs);
        terms[2] = Term(PanelUnits, data.Units);

        static Term<T> Term(int width, int steps) => new() { StepStride = 1, BStride = width, Steps = steps, Repeats = 1 };
    }

    /// <summary>Slots of a panel: bias, then W x, then U ĥ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumProducts(in WalkData<T> data, in CellTile<T> tile, Term<T>* terms, int step, TileRows rows, int panel)
    {
        T* bias = data.Bias + (nint)panel * PanelWidth;
        bool isZero = step == 0 && data.StartsAtZero;
        if (data.HalfKernel is not null)
        {
            SumHalfProducts(data, tile, terms, bias, panel, isZero);
            return;
        }
        bool isNarrow = CellPacking<T, L, TCell>.IsNarrow(data.Units, panel), startsAtSums = data.DistinctInputs > 0;
        terms[0].BStride = isNarrow ? NarrowWidth(data.Units, panel) : InputWidth;
        terms[1].BStride = isNarrow ? NarrowWidth(data.Units, panel) : RecurrentWidth;
        terms[0].B = data.Kernel + (nint)panel * data.Inputs * InputWidth;
        terms[1].B = data.RecurrentKernel + (nint)panel * data.Outputs * RecurrentWidth;
        if (data.SumsInputsAhead)
        {
            bias = tile.Gates.First;
        }
        int done = startsAtSums || data.SumsInputsAhead ? 1 : 0, count = (isZero ? 1 : 2) - done;
        terms += done;
        if (isNarrow)
        {
            SumNarrow(data, tile, terms, count, bias, step, rows, panel);
            return;
        }
        nint biasStride = 0;
        if (startsAtSums)
        {
            CopyInputSums(data, step, rows, panel, tile.Gates.First, tile.Gates.Stride);
            bias = tile.Gates.First;
            biasStride = tile.Gates.Stride;
        }
        if (IsOneSum)
        {
            PanelKernel<T, L>.Run(tile.Rows, TCell.Slots * TCell.UnitVectors, terms, count, bias, biasStride, tile.Gates.First, tile.Gates.Stride);
            return;
        }
        T* slots;
        if (!startsAtSums)
        {
            CopyBias(bias, tile.Rows, tile.Gates.First, tile.Gates.Stride);
            slots = tile.Gates.First + TCell.FirstInputSlot * PanelUnits;
            PanelKernel<T, L>.Run(tile.Rows, TCell.InputSlots * TCell.UnitVectors, terms, 1, slots, tile.Gates.Stride, slots, tile.Gates.Stride);
            terms++;
        }
        if (!isZero)
        {
            slots = tile.Gates.First + TCell.FirstRecurrentSlot * PanelUnits;
            PanelKernel<T, L>.Run(tile.Rows, TCell.RecurrentSlots * TCell.UnitVectors, terms, 1, slots, tile.Gates.Stride, slots, tile.Gates.Stride);
        }
    }

    /// <summary>Where the rows of a tile stand of what a step multiplies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LayRows(in WalkData<T> data, Term<T>* terms, int step, TileRows rows)
    {
        nint row = rows.First;
        terms[0].A = data.X + (row * data.Steps + step) * data.Inputs;
        terms[0].RowStride = (nint)rows.Direction * data.Steps * data.Inputs;
        terms[1].A = (data.Operand is null ? data.Hidden : data.Operand) + (row * data.StateSlots + data.Slot(step)) * data.HiddenWidth;
        terms[1].RowStride = (nint)rows.Direction * data.StateSlots * data.HiddenWidth;
        if (TCell.SecondProductPhase > 0)
        {
            int padded = CellPacking<T, L, TCell>.Padded(data.Units);
            terms[2].A = data.Gated + (row * data.KeptSteps + data.Kept(step)) * padded;
            terms[2].RowStride = (nint)rows.Direction * data.KeptSteps * padded;
        }
    }

    /// <summary>b + W x for some rows of x that lie one behind the other, and some panels; the sums of a step then begin with them.</summary>
    /// <param name="data">The walk.</param>
    /// <param name="x">The first row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="sums">Receives rows of all panels.</param>
    /// <param name="firstPanel">First panel wanted.</param>
    /// <param name="lastPanel">First panel not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumInputs(in WalkData<T> data, T* x, int rows, T* sums, int firstPanel, int lastPanel)
    {
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        Term<T> term = new() { RowStride = data.Inputs, StepStride = 1, Steps = data.Inputs, Repeats = 1 };
        for (int panel = firstPanel; panel < lastPanel; panel++)
        {
            int vectors = CellPacking<T, L, TCell>.Vectors(data.Units, panel, TCell.InputSlots);
            T* bias = data.Bias + (nint)panel * PanelWidth;
            term.B = data.Kernel + (nint)panel * data.Inputs * InputWidth;
            term.BStride = vectors * L.Count;
            for (int row = 0; row < rows; row += L.RowsInRegisters)
            {
                int count = Math.Min(L.RowsInRegisters, rows - row);
                T* target = sums + row * gateRow + (nint)panel * PanelWidth;
                term.A = x + (nint)row * data.Inputs;
                if (IsOneSum)
                {
                    PanelKernel<T, L>.Run(count, vectors, &term, 1, bias, 0, target, gateRow);
                    continue;
                }
                CopyBias(bias, count, target, gateRow);
                target += TCell.FirstInputSlot * PanelUnits;
                PanelKernel<T, L>.Run(count, vectors, &term, 1, target, gateRow, target, gateRow);
            }
        }
    }

    /// <summary>b + W x of the input that each row of a tile takes, as it was summed before; that of the next step is brought meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyInputSums(in WalkData<T> data, int step, TileRows rows, int panel, T* target, nint stride)
    {
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        T* sums = data.InputSums + (nint)panel * PanelWidth;
        int next = Math.Min(step + 1, data.Steps - 1) - step;
        for (int place = 0; place < rows.Count; place++)
        {
            int* number = data.InputNumbers + (nint)rows.At(place) * data.Steps + step;
            T* from = sums + *number * gateRow, to = target + place * stride;
            Caches.Fetch(sums + number[next] * gateRow, PanelWidth);
            for (int i = 0; i < PanelWidth; i += L.Count)
            {
                L.Store(to + i, L.Load(from + i));
            }
        }
    }

    private static int NarrowWidth(int units, int panel) => CellPacking<T, L, TCell>.Vectors(units, panel, TCell.Slots) * L.Count;

    /// <summary>The same for a panel whose slots lie closer together: summed as they lie, then spread for the cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumNarrow(in WalkData<T> data, in CellTile<T> tile, Term<T>* terms, int termCount, T* bias, int step, TileRows rows, int panel)
    {
        T* sums = stackalloc T[L.RowsInRegisters * PanelWidth];
        nint biasStride = 0;
        if (data.DistinctInputs > 0)
        {
            CopyInputSums(data, step, rows, panel, sums, PanelWidth);
            bias = sums;
            biasStride = PanelWidth;
        }
        PanelKernel<T, L>.Run(tile.Rows, CellPacking<T, L, TCell>.Vectors(data.Units, panel, TCell.Slots), terms, termCount, bias, biasStride, sums, PanelWidth);
        Spread(sums, tile, CellPacking<T, L, TCell>.UnitsIn(data.Units, panel));
    }

    /// <summary>Sums whose slots lie so many units apart to where the cell takes them, with zeros between, whatever is read there: the next slot's sums, which may be infinite, or nothing's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(T* sums, in CellTile<T> tile, int units)
    {
        T* real = _onesThenZeros + PanelUnits - units;
        for (int row = 0; row < tile.Rows; row++)
        {
            T* gates = tile.Gates.First + row * tile.Gates.Stride;
            for (int slot = 0; slot < TCell.Slots; slot++)
            {
                for (int unit = 0; unit < PanelUnits; unit += L.Count)
                {
                    L.Store(gates + slot * PanelUnits + unit, L.WherePositive(L.Load(real + unit), L.Load(sums + row * PanelWidth + slot * units + unit), L.Constant(0)));
                }
            }
        }
    }

    private static T* OnesThenZeros()
    {
        var numbers = (T*)NativeMemory.AllocZeroed((nuint)(2 * PanelUnits), (nuint)sizeof(T));
        new Span<T>(numbers, PanelUnits).Fill(T.One);
        return numbers;
    }

    private static void CopyBias(T* bias, int rows, T* target, nint stride)
    {
        for (int row = 0; row < rows; row++)
        {
            new Span<T>(bias, PanelWidth).CopyTo(new Span<T>(target + row * stride, PanelWidth));
        }
    }

    /// <summary>The same with weights in bfloat16.</summary>
    private static void SumHalfProducts(in WalkData<T> data, in CellTile<T> tile, Term<T>* terms, T* bias, int panel, bool isZero)
    {
        if (CellPacking<T, L, TCell>.IsNarrow(data.Units, panel))
        {
            SumNarrowHalf(data, tile, terms, bias, panel, isZero);
            return;
        }
        int vectors = TCell.InputSlots * TCell.UnitVectors;
        CopyBias(bias, tile.Rows, tile.Gates.First, tile.Gates.Stride);
        T* slots = tile.Gates.First + TCell.FirstInputSlot * PanelUnits;
        HalfKernel<T, L>.Run(
            tile.Rows, vectors, terms[0].A, terms[0].RowStride, data.Inputs,
            data.HalfKernel + (nint)panel * data.Inputs * HalfKernel<T, L>.RowLength(vectors), slots, tile.Gates.Stride, slots, tile.Gates.Stride);
        if (!isZero)
        {
            vectors = TCell.RecurrentSlots * TCell.UnitVectors;
            slots = tile.Gates.First + TCell.FirstRecurrentSlot * PanelUnits;
            HalfKernel<T, L>.Run(
                tile.Rows, vectors, terms[1].A, terms[1].RowStride, data.Outputs,
                data.HalfRecurrentKernel + (nint)panel * data.Outputs * HalfKernel<T, L>.RowLength(vectors), slots, tile.Gates.Stride, slots, tile.Gates.Stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumNarrowHalf(in WalkData<T> data, in CellTile<T> tile, Term<T>* terms, T* bias, int panel, bool isZero)
    {
        T* sums = stackalloc T[L.RowsInRegisters * PanelWidth];
        int vectors = CellPacking<T, L, TCell>.Vectors(data.Units, panel, TCell.Slots), whole = TCell.Slots * TCell.UnitVectors;
        HalfKernel<T, L>.Run(
            tile.Rows, vectors, terms[0].A, terms[0].RowStride, data.Inputs,
            data.HalfKernel + (nint)panel * data.Inputs * HalfKernel<T, L>.RowLength(whole), bias, 0, sums, PanelWidth);
        if (!isZero)
        {
            HalfKernel<T, L>.Run(
                tile.Rows, vectors, terms[1].A, terms[1].RowStride, data.Outputs,
                data.HalfRecurrentKernel + (nint)panel * data.Outputs * HalfKernel<T, L>.RowLength(whole), sums, PanelWidth, sums, PanelWidth);
        }
        Spread(sums, tile, CellPacking<T, L, TCell>.UnitsIn(data.Units, panel));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumSecondProduct(in WalkData<T> data, in CellTile<T> tile, Term<T>* terms, int step, int panel)
    {
        if (step == 0 && data.StartsAtZero)
        {
            return;
        }
        if (data.HalfSecondKernel is not null)
        {
            uint* half = data.HalfSecondKernel + (nint)panel * data.Units * HalfKernel<T, L>.RowLength(TCell.UnitVectors);
            HalfKernel<T, L>.Run(
                tile.Rows, TCell.UnitVectors, terms[2].A, terms[2].RowStride, data.Units, half, tile.Gates.First, tile.Gates.Stride, tile.Gates.First, tile.Gates.Stride);
            return;
        }
        terms[2].B = data.SecondKernel + (nint)panel * data.Units * PanelUnits;
        PanelKernel<T, L>.Run(tile.Rows, TCell.UnitVectors, terms + 2, 1, tile.Gates.First, tile.Gates.Stride, tile.Gates.First, tile.Gates.Stride);
    }
}
