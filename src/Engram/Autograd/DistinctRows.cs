namespace Engram.Autograd;

/// <summary>
/// Embedded ids, [batch, time, size], as rows of a smaller matrix [count, size] in which no two are the same row of the table: texts name few words often. What a layer
/// multiplies its input with, it then multiplies once for each; and gradients of equal vectors are added up before they are multiplied. They are looked for when a layer first asks.
/// </summary>
internal sealed class DistinctRows
{
    /// <summary>Rows of a table up to which their numbers are looked up.</summary>
    private const int LargestTable = 1 << 20;

    /// <summary>Numbers of a vector below which to multiply takes no longer than to find again what was multiplied before.</summary>
    private const int SmallestSize = 16;

    /// <summary>Share of different rows up to which it is faster, where threads are far from one another too: what one has multiplied the others read.</summary>
    private const double MostDifferent = 0.4;

    private int[] _numberOf = []; // at row + 1 its number + 1, or 0; all 0 between two uses
    private int[] _numbers = [];
    private int[] _rows = [];
    private ReadOnlyMemory<int> _rowOfStep;
    private Tensor _table;
    private bool? _areFew;

    /// <summary>Number of different rows, once they have been found.</summary>
    public int Count { get; private set; }

    /// <summary>For each step of each sequence, which of the different rows it is.</summary>
    public ReadOnlyMemory<int> Numbers => _numbers.AsMemory(0, _rowOfStep.Length);

    /// <summary>The different rows, as rows of the table; −1 for a vector of zeros.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>The different vectors [count, size], once a layer computes with them.</summary>
    public Tensor Vectors { get; private set; }

    /// <summary>Whether gradients may come by id alone, and not step by step: a layer has asked that may sum them up.</summary>
    public bool MaySumGradients { get; private set; }

    /// <summary>Takes what was embedded.</summary>
    /// <param name="rowOfStep">The row of the table for each step of each sequence; −1 for zeros.</param>
    /// <param name="table">The table.</param>
    public void Begin(ReadOnlyMemory<int> rowOfStep, Tensor table) => (_rowOfStep, _table) = (rowOfStep, table);

    /// <summary>The different rows with their vectors, for a layer to compute with them; null where to take every step is as fast.</summary>
    public DistinctRows? IfFew(Pass pass)
    {
        MaySumGradients |= _table.Body.NeedsGradient && !pass.HasWalkedBack;
        if (!(_areFew ??= Find()))
        {
            return null;
        }
        if (!Vectors.Exists)
        {
            int size = _table.Shape[1];
            Vectors = pass.Create(new Shape(Count, size), "distinct rows", _table.Body.NeedsGradient);
            pass.Backend.GatherRows(_table.Body.Storage!, size, Rows, Vectors.Body.Storage!);
        }
        return this;
    }

    /// <summary>Lets go of the pass.</summary>
    public void Forget() => (_rowOfStep, _table, Vectors, _areFew, MaySumGradients, Count) = (default, default, default, null, false, 0);

    /// <summary>Finds the different rows, and tells whether they are few.</summary>
    private bool Find()
    {
        ReadOnlySpan<int> rows = _rowOfStep.Span;
        (int height, int size) = (_table.Shape[0], _table.Shape[1]);
        if (height > LargestTable || size < SmallestSize || rows.Length < 2)
        {
            return false;
        }
        if (_numberOf.Length <= height)
        {
            _numberOf = new int[height + 1];
        }
        if (_numbers.Length < rows.Length)
        {
            (_numbers, _rows) = (new int[rows.Length], new int[rows.Length]);
        }
        int real = 0, most = (int)(MostDifferent * rows.Length);
        for (int i = 0; i < rows.Length && Count <= most; i++)
        {
            real += rows[i] < 0 ? 0 : 1;
            ref int number = ref _numberOf[rows[i] + 1];
            if (number == 0)
            {
                _rows[Count] = rows[i];
                number = ++Count;
            }
            _numbers[i] = number - 1;
        }
        foreach (int row in Rows)
        {
            _numberOf[row + 1] = 0;
        }
        return Count <= MostDifferent * real;
    }
}
