using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// How a layer's units lie in panels, and the way of its weights there and back. Users know weights as <c>[rows, blocks · units]</c>; a
/// panel holds some vectors of units with all their slots side by side: <c>[panel][slot][units of the panel]</c>. Units beyond the last are zeros; of cells that
/// are <see cref="IsDense"/> the last panel of weights and of δ has none, so that products do not multiply by them.
/// </summary>
internal static unsafe class CellPacking<T, L, TCell>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
    where TCell : struct, ICell<T, L>
{
    /// <summary>Units in a panel.</summary>
    public static int PanelUnits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.UnitVectors * L.Count;
    }

    /// <summary>Elements of a panel.</summary>
    public static int PanelWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.Slots * PanelUnits;
    }

    /// <summary>Panels that hold so many units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Panels(int units) => (units + PanelUnits - 1) / PanelUnits;

    /// <summary>Units rounded up to whole panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Padded(int units) => Panels(units) * PanelUnits;

    /// <summary>Elements of a row of all slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint GateRow(int units) => (nint)Panels(units) * PanelWidth;

    /// <summary>
    /// Whether every slot is one sum of W x and U h, and all is done in one phase. A last panel of fewer units then is as wide as these are: their slots lie one right behind
    /// the other, and the walk spreads the sums for the cell, and brings its gradients together again.
    /// </summary>
    public static bool IsDense
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCell.Phases == 1 && TCell.InputSlots == TCell.Slots && TCell.RecurrentSlots == TCell.Slots;
    }

    /// <summary>Units that a panel has: the last may have fewer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UnitsIn(int units, int panel) => Math.Min(PanelUnits, units - panel * PanelUnits);

    /// <summary>Whether the slots of a panel lie closer together than those of others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNarrow(int units, int panel) => IsDense && UnitsIn(units, panel) < PanelUnits;

    /// <summary>Elements from a slot of a panel of weights or of δ to the next.</summary>
    public static int SlotStride(int units, int panel) => IsDense ? UnitsIn(units, panel) : PanelUnits;

    /// <summary>Vectors that some slots of a panel fill.</summary>
    public static int Vectors(int units, int panel, int slots) => (slots * SlotStride(units, panel) + L.Count - 1) / L.Count;

    /// <summary>Rows of the transpose of some slots of weights: the numbers of a row of δ that meet it.</summary>
    public static int TransposedRows(int units, int slots) => slots * (IsDense ? units : Padded(units));

    /// <summary>Columns of such a transpose, the last of so many, that stand behind the others one by one, see <see cref="NarrowProduct{T, L}"/>.</summary>
    public static int NarrowColumns(int columns) => IsDense ? NarrowProduct<T, L>.Columns(columns) : 0;

    /// <summary>Elements of a transpose before its narrow columns.</summary>
    public static long NarrowStart(int columns, int units, int slots) => Product<T, L>.PackedLength(TransposedRows(units, slots), columns - NarrowColumns(columns));

    /// <summary>Elements of a transpose of so many columns.</summary>
    public static long TransposedLength(int columns, int units, int slots) =>
        NarrowStart(columns, units, slots) + (long)NarrowColumns(columns) * NarrowProduct<T, L>.Stride(TransposedRows(units, slots));

    /// <summary>
    /// weights [rows, blocks · units] to packed <c>[panels, rows, slots · panel units]</c>, for the slots from <paramref name="firstSlot"/> on that a
    /// kernel fills; a slot that no block belongs to is left zero.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="blocks">The slot of each block.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="units">Units in a block.</param>
    /// <param name="firstSlot">First slot wanted.</param>
    /// <param name="slots">Slots wanted.</param>
    /// <param name="packed">Receives the panels.</param>
    /// <param name="firstPanel">First panel wanted.</param>
    /// <param name="lastPanel">First panel not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(
        T* weights, ReadOnlySpan<int> blocks, int rows, int units, int firstSlot, int slots, T* packed, int firstPanel, int lastPanel)
    {
        int width = slots * PanelUnits;
        for (int panel = firstPanel; panel < lastPanel; panel++)
        {
            int unit = panel * PanelUnits, count = UnitsIn(units, panel), stride = SlotStride(units, panel), used = Vectors(units, panel, slots) * L.Count;
            T* target = packed + (nint)panel * rows * width;
            if (count < PanelUnits || !AreFilled(blocks, firstSlot, slots))
            {
                new Span<T>(target, checked(rows * used)).Clear();
            }
            for (int row = 0; row < rows; row++)
            {
                for (int block = 0; block < blocks.Length; block++)
                {
                    int slot = blocks[block] - firstSlot;
                    if (slot >= 0 && slot < slots)
                    {
                        Copy(weights + ((nint)row * blocks.Length + block) * units + unit, target + slot * stride, count);
                    }
                }
                target += used;
            }
        }
    }

    /// <summary>
    /// The transpose of weights [rows, blocks · units], whose rows become the columns of a packed matrix
    /// <c>[⌈rows / width⌉, <see cref="TransposedRows"/>, width]</c> and whose columns stand in the order of the slots wanted; behind them those rows that are <see cref="NarrowColumns"/>.
    /// </summary>
    /// <inheritdoc cref="Pack"/>
    public static void PackTransposed(
        T* weights, ReadOnlySpan<int> blocks, int rows, int units, int firstSlot, int slots, T* packed, int firstPanel, int lastPanel)
    {
        int width = PanelKernel<T, L>.Width, narrow = NarrowColumns(rows), whole = rows - narrow;
        for (int first = 0; first < whole; first += width)
        {
            int columns = Math.Min(width, whole - first);
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                int unit = panel * PanelUnits, count = UnitsIn(units, panel), tile = SlotStride(units, panel) * width;
                T* target = packed + ((nint)(first / width) * TransposedRows(units, slots) + panel * slots * PanelUnits) * width;
                for (int slot = firstSlot; slot < firstSlot + slots; slot++, target += tile)
                {
                    int block = blocks.IndexOf(slot);
                    if (block < 0 || count < PanelUnits || columns < width)
                    {
                        new Span<T>(target, tile).Clear();
                    }
                    if (block >= 0)
                    {
                        T* source = weights + ((nint)first * blocks.Length + block) * units + unit;
                        Transposition<T>.Run(source, (nint)blocks.Length * units, columns, count, target, width);
                    }
                }
            }
        }
        PackNarrow(weights + (nint)whole * blocks.Length * units, blocks, narrow, units, firstSlot, slots, packed + NarrowStart(rows, units, slots), firstPanel, lastPanel);
    }

    /// <summary>The narrow columns of a transpose from some rows of the weights; in the cells that have such, every slot has a block. What fills the last vector each thread clears.</summary>
    private static void PackNarrow(T* weights, ReadOnlySpan<int> blocks, int rows, int units, int firstSlot, int slots, T* packed, int firstPanel, int lastPanel)
    {
        int inner = TransposedRows(units, slots), length = NarrowProduct<T, L>.Stride(inner);
        for (int row = 0; row < rows; row++)
        {
            T* column = packed + (nint)row * length;
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                int unit = panel * PanelUnits, count = UnitsIn(units, panel);
                for (int slot = 0; slot < slots; slot++)
                {
                    T* source = weights + ((nint)row * blocks.Length + blocks.IndexOf(firstSlot + slot)) * units + unit, target = column + panel * slots * PanelUnits + slot * SlotStride(units, panel);
                    new Span<T>(source, count).CopyTo(new Span<T>(target, count));
                }
            }
            new Span<T>(column + inner, length - inner).Clear();
        }
    }

    /// <summary>
    /// Rows of δ, some slots of every panel, times what <see cref="PackTransposed"/> made of the weights of these slots. Where A and B begin, and how far
    /// rows lie apart, is left to tell.
    /// </summary>
    /// <param name="units">Units of the layer.</param>
    /// <param name="slots">Slots that take part.</param>
    public static Term<T> TransposedTerm(int units, int slots)
    {
        int width = PanelKernel<T, L>.Width, steps = slots * PanelUnits;
        var term = new Term<T> { StepStride = 1, BStride = width };
        return IsDense ? term with { Steps = TransposedRows(units, slots), Repeats = 1 }
            : term with { Steps = steps, Repeats = Panels(units), ARepeat = PanelWidth, BRepeat = (nint)steps * width };
    }

    /// <summary>
    /// Some rows from sums in the order of the slots [rows, panels · panel width] to gradients of weights [rows, blocks · units]; where there are sums of several parts, these are added up.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(T* sums, int parts, nint lengthOfPart, ReadOnlySpan<int> blocks, int units, T* weights, bool accumulate, int firstRow, int lastRow)
    {
        for (int row = firstRow; row < lastRow; row++)
        {
            for (int panel = 0; panel < Panels(units); panel++)
            {
                int unit = panel * PanelUnits, count = UnitsIn(units, panel), stride = SlotStride(units, panel);
                for (int block = 0; block < blocks.Length; block++)
                {
                    T* source = sums + row * GateRow(units) + (nint)panel * PanelWidth + blocks[block] * stride;
                    T* target = weights + ((nint)row * blocks.Length + block) * units + unit;
                    int i = 0;
                    for (; i <= count - L.Count; i += L.Count)
                    {
                        L sum = L.Load(source + i);
                        for (int part = 1; part < parts; part++)
                        {
                            sum += L.Load(source + part * lengthOfPart + i);
                        }
                        L.Store(target + i, accumulate ? L.Load(target + i) + sum : sum);
                    }
                    for (; i < count; i++)
                    {
                        T sum = source[i];
                        for (int part = 1; part < parts; part++)
                        {
                            sum += source[part * lengthOfPart + i];
                        }
                        target[i] = accumulate ? target[i] + sum : sum;
                    }
                }
            }
        }
    }

    /// <summary>Whether every slot has a block.</summary>
    private static bool AreFilled(ReadOnlySpan<int> blocks, int firstSlot, int slots)
    {
        for (int slot = firstSlot; slot < firstSlot + slots; slot++)
        {
            if (!blocks.Contains(slot))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Some units; whole vectors without a call, since there are few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* source, T* target, int count)
    {
        if (count < PanelUnits)
        {
            new Span<T>(source, count).CopyTo(new Span<T>(target, count));
            return;
        }
        for (int i = 0; i < PanelUnits; i += L.Count)
        {
            L.Store(target + i, L.Load(source + i));
        }
    }
}
