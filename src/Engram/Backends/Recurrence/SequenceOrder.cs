using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Engram.Backends;

/// <summary>
/// In which order sequences and steps are walked. Where all steps are real and time runs forward, as they stand. Otherwise only real steps
/// are walked, longest sequence first, so that the rows that still walk are always the first ones; numbers are brought into that
/// order and back. A step that is not real repeats the state.
/// </summary>
internal sealed unsafe class SequenceOrder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SequenceMask? _mask;
    private bool _reverse;
    private int _allSteps;
    private int[] _lengths = [], _active = [];

    /// <summary>Whether numbers must be brought into the order of the walk.</summary>
    public bool IsSorted { get; private set; }

    /// <summary>Sequences.</summary>
    public int Batch { get; private set; }

    /// <summary>Steps of the longest sequence.</summary>
    public int Steps { get; private set; }

    /// <summary>Real steps of each sequence in the order of the walk; null where all are real.</summary>
    public int* Lengths { get; private set; }

    /// <summary>Sequences that still walk at each step; null where all do.</summary>
    public int* Active { get; private set; }

    /// <summary>Chooses the order for a call.</summary>
    public void Arrange(SequenceMask? mask, int batch, int steps, bool reverse)
    {
        _mask = mask is { IsFull: false } ? mask : null;
        (_reverse, _allSteps, Batch, Steps) = (reverse, steps, batch, steps);
        IsSorted = _mask is not null || reverse;
        Lengths = Active = null;
        if (_mask is null)
        {
            return;
        }
        Steps = batch == 0 ? 0 : _mask.Lengths[_mask.ByLength[0]];
        Lengths = Pinned(ref _lengths, batch);
        Active = Pinned(ref _active, Steps);
        for (int row = batch - 1, step = 0; row >= 0; row--)
        {
            // Rows stand longest first: up to the length of this one, all rows up to it walk.
            Lengths[row] = _mask.Lengths[_mask.ByLength[row]];
            for (; step < Lengths[row]; step++)
            {
                Active[step] = row + 1;
            }
        }
    }

    /// <summary>The sequence that stands at a place of the walk.</summary>
    public int Row(int place) => _mask is null ? place : _mask.ByLength[place];

    /// <summary>x [batch, all steps, size] into the order of the walk [batch, steps, size].</summary>
    public void Gather(T* x, int size, T* target)
    {
        for (int place = 0; place < Batch; place++)
        {
            for (int step = 0; step < LengthAt(place); step++)
            {
                Line(x, Row(place), TimeOf(place, step), _allSteps, size).CopyTo(Line(target, place, step, Steps, size));
            }
        }
    }

    /// <summary>More elements than a span has room for, too.</summary>
    private static void Clear(T* values, long count) => NativeMemory.Clear(values, (nuint)count * (nuint)sizeof(T));

    /// <summary>The way back of <see cref="Gather"/>: steps that are not real receive nothing.</summary>
    public void Scatter(T* source, int size, T* x, bool accumulate)
    {
        if (!accumulate)
        {
            Clear(x, (long)Batch * _allSteps * size);
        }
        for (int place = 0; place < Batch; place++)
        {
            for (int step = 0; step < LengthAt(place); step++)
            {
                Span<T> target = Line(x, Row(place), TimeOf(place, step), _allSteps, size);
                TensorPrimitives.Add(target, Line(source, place, step, Steps, size), target);
            }
        }
    }

    /// <summary>One number for each step [batch, all steps] into the order of the walk [batch, steps]; 0 at steps that are not walked.</summary>
    public void GatherNumbers(ReadOnlySpan<int> numbers, int* target)
    {
        if (!IsSorted)
        {
            numbers.CopyTo(new Span<int>(target, numbers.Length));
            return;
        }
        new Span<int>(target, Batch * Steps).Clear();
        for (int place = 0; place < Batch; place++)
        {
            ReadOnlySpan<int> line = numbers.Slice(Row(place) * _allSteps, _allSteps);
            for (int step = 0; step < LengthAt(place); step++)
            {
                target[place * Steps + step] = line[TimeOf(place, step)];
            }
        }
    }

    /// <summary>
    /// States [batch, steps + 1, width], slot 0 before the first step, to the output at every step [batch, all steps, size]; a step that is
    /// not real puts out the state as it then is.
    /// </summary>
    public void ScatterStates(T* states, int width, T* y, int size)
    {
        for (int place = 0; place < Batch; place++)
        {
            for (int walked = 0, state = 0; walked < _allSteps; walked++)
            {
                int time = TimeAt(walked);
                state += IsReal(place, time) ? 1 : 0;
                new Span<T>(states + ((nint)place * (Steps + 1) + state) * width, size).CopyTo(Line(y, Row(place), time, _allSteps, size));
            }
        }
    }

    /// <summary>The way back of <see cref="ScatterStates"/>: δ of each state is the sum over the steps that put it out.</summary>
    public void GatherGradients(T* y, int size, T* states)
    {
        Clear(states, (long)Batch * (Steps + 1) * size);
        for (int place = 0; place < Batch; place++)
        {
            for (int walked = 0, state = 0; walked < _allSteps; walked++)
            {
                int time = TimeAt(walked);
                state += IsReal(place, time) ? 1 : 0;
                Span<T> sum = Line(states, place, state, Steps + 1, size);
                TensorPrimitives.Add(sum, Line(y, Row(place), time, _allSteps, size), sum);
            }
        }
    }

    /// <summary>[batch, columns] into the order of the walk, with zeros behind, rows a stride apart; all zeros where there is no source.</summary>
    public void CopyRowsIn(T* source, int columns, T* target, nint stride, int width)
    {
        for (int place = 0; place < Batch; place++)
        {
            var line = new Span<T>(target + place * stride, width);
            line.Clear();
            if (source is not null)
            {
                new Span<T>(source + (nint)Row(place) * columns, columns).CopyTo(line);
            }
        }
    }

    /// <summary>The way back of <see cref="CopyRowsIn"/>; nothing where there is no target.</summary>
    public void CopyRowsOut(T* source, nint stride, T* target, int columns, bool accumulate)
    {
        for (int place = 0; place < Batch && target is not null; place++)
        {
            var from = new ReadOnlySpan<T>(source + place * stride, columns);
            var to = new Span<T>(target + (nint)Row(place) * columns, columns);
            if (accumulate)
            {
                TensorPrimitives.Add(to, from, to);
            }
            else
            {
                from.CopyTo(to);
            }
        }
    }

    /// <summary>[batch, columns] in the order of the walk: the rows themselves where they stand so.</summary>
    public T* Sorted<L>(T* rows, int columns, WalkMemory<T, L> memory)
        where L : unmanaged, Kernels.Lanes.ILanes<L, T>
    {
        if (rows is null || _mask is null)
        {
            return rows;
        }
        T* sorted = memory.Rent((long)Batch * columns);
        CopyRowsIn(rows, columns, sorted, columns, columns);
        return sorted;
    }

    private int LengthAt(int place) => Lengths is null ? Steps : Lengths[place];

    /// <summary>The time at which a sequence's step of the walk stands.</summary>
    private int TimeOf(int place, int step)
    {
        if (_mask is null)
        {
            return TimeAt(step);
        }
        ReadOnlySpan<int> real = _mask.RealSteps(Row(place));
        return real[_reverse ? real.Length - 1 - step : step];
    }

    private int TimeAt(int walked) => _reverse ? _allSteps - 1 - walked : walked;

    private bool IsReal(int place, int time) => _mask is null || _mask[Row(place), time];

    private static Span<T> Line(T* array, int row, int step, int steps, int size) => new(array + ((nint)row * steps + step) * size, size);

    private static int* Pinned(ref int[] array, int length)
    {
        if (array.Length < length || array.Length == 0)
        {
            array = GC.AllocateUninitializedArray<int>(Math.Max(16, length), pinned: true);
        }
        return (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array));
    }
}
