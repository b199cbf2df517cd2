using System.Globalization;

namespace Engram;

/// <summary>
/// Which steps of which sequences are real, the others being padding: [batch, steps] truth values of any pattern, padded on the
/// right, on the left, with gaps inside, or with no real step at all. A tensor carries its mask (<see cref="Tensor.Mask"/>); layers,
/// losses and metrics treat each sequence as if its real steps were all there is.
/// </summary>
/// <remarks>
/// A mask that the caller made never changes. One that was made inside a <see cref="Pass"/> is used again when the pass has ended,
/// as the memory of its tensors is: read it while the pass is open.
/// </remarks>
public sealed class SequenceMask
{
    private bool[] _pattern = [];
    private int[] _lengths = [];
    private int[] _realSteps = []; // row r's stand from r · Steps on
    private int[] _byLength = [];
    private int[] _starts = [];

    internal SequenceMask()
    {
    }

    /// <summary>Number of sequences.</summary>
    public int Batch { get; private set; }

    /// <summary>Number of steps, real or not, of every sequence.</summary>
    public int Steps { get; private set; }

    /// <summary>Number of real steps of all sequences together.</summary>
    public long RealCount { get; private set; }

    /// <summary>Whether every step is real.</summary>
    public bool IsFull => RealCount == (long)Batch * Steps;

    /// <summary>Number of real steps of each sequence.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Batch);

    /// <summary>The sequences' numbers, those with most real steps first; equally long ones keep their order.</summary>
    public ReadOnlySpan<int> ByLength => _byLength.AsSpan(0, Batch);

    /// <summary>Whether a step is real.</summary>
    /// <param name="row">The sequence, 0 … <see cref="Batch"/> − 1.</param>
    /// <param name="step">The step, 0 … <see cref="Steps"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence or step.</exception>
    public bool this[int row, int step]
    {
        get
        {
            Require(row);
            ArgumentOutOfRangeException.ThrowIfNegative(step);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps);
            return _pattern[row * Steps + step];
        }
    }

    /// <summary>The pattern, row by row: <c>Batch × Steps</c> truth values.</summary>
    public ReadOnlySpan<bool> Pattern => _pattern.AsSpan(0, Batch * Steps);

    /// <summary>The real steps of a sequence, first to last.</summary>
    /// <param name="row">The sequence, 0 … <see cref="Batch"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    public ReadOnlySpan<int> RealSteps(int row)
    {
        Require(row);
        return _realSteps.AsSpan(row * Steps, _lengths[row]);
    }

    /// <summary>The mask of sequences that begin at step 0 and are padded behind their end.</summary>
    /// <param name="lengths">Real steps of each sequence, each 0 … <paramref name="steps"/>.</param>
    /// <param name="steps">Steps of the time axis.</param>
    /// <exception cref="ShapeException">A length is negative, or longer than the time axis.</exception>
    public static SequenceMask FromLengths(ReadOnlySpan<int> lengths, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        bool[] pattern = new bool[checked(lengths.Length * steps)];
        for (int row = 0; row < lengths.Length; row++)
        {
            if (lengths[row] < 0 || lengths[row] > steps)
            {
                throw new ShapeException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"lengths: sequence {row} has length {lengths[row]}, but a length is 0 … {steps}, the size of the time axis."));
            }
            pattern.AsSpan(row * steps, lengths[row]).Fill(true);
        }
        return FromPattern(pattern, lengths.Length, steps);
    }

    /// <summary>A mask of any pattern.</summary>
    /// <param name="pattern">Truth values, row by row: true where the step is real.</param>
    /// <param name="batch">Number of sequences.</param>
    /// <param name="steps">Steps of the time axis.</param>
    /// <exception cref="ShapeException">The number of values is not batch × steps.</exception>
    public static SequenceMask FromPattern(ReadOnlySpan<bool> pattern, int batch, int steps)
    {
        var mask = new SequenceMask();
        mask.Refill(pattern, batch, steps);
        return mask;
    }

    /// <summary>Takes another pattern.</summary>
    internal void Refill(ReadOnlySpan<bool> pattern, int batch, int steps)
    {
        if (pattern.Length != (long)batch * steps)
        {
            throw new ShapeException($"A mask of {batch} sequences of {steps} steps has {(long)batch * steps} values, but {pattern.Length} were given.");
        }
        pattern.CopyTo(Begin(batch, steps));
        Complete();
    }

    /// <summary>Where another pattern is to be written; arrays grow where they must and are kept otherwise.</summary>
    internal Span<bool> Begin(int batch, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        int length = checked(batch * steps);
        (Batch, Steps) = (batch, steps);
        Grow(ref _pattern, length);
        Grow(ref _realSteps, length);
        Grow(ref _lengths, batch);
        Grow(ref _byLength, batch);
        Grow(ref _starts, steps + 1);
        return _pattern.AsSpan(0, length);
    }

    /// <summary>Becomes a mask of no sequences, when its pass ends.</summary>
    internal void Empty() => (Batch, Steps, RealCount) = (0, 0, 0);

    /// <summary>Counts the pattern that has been written.</summary>
    internal void Complete()
    {
        RealCount = 0;
        for (int row = 0; row < Batch; row++)
        {
            int real = 0;
            for (int step = 0; step < Steps; step++)
            {
                if (_pattern[row * Steps + step])
                {
                    _realSteps[row * Steps + real++] = step;
                }
            }
            _lengths[row] = real;
            RealCount += real;
        }
        SortByLength();
    }

    /// <summary>Counting sort: stable, and linear in batch and steps.</summary>
    private void SortByLength()
    {
        Span<int> starts = _starts.AsSpan(0, Steps + 1);
        starts.Clear();
        foreach (int length in Lengths)
        {
            starts[length]++;
        }
        for (int length = Steps, before = 0; length >= 0; length--)
        {
            (starts[length], before) = (before, before + starts[length]);
        }
        for (int row = 0; row < Batch; row++)
        {
            _byLength[starts[_lengths[row]]++] = row;
        }
    }

    private void Require(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Batch);
    }

    private static void Grow<TItem>(ref TItem[] array, int length)
    {
        if (array.Length < length)
        {
            array = new TItem[length];
        }
    }
}
