namespace Engram.Autograd;

/// <summary>
/// Embedded ids, [batch, time, size], as rows of a smaller matrix [count, size] in which no two are the same row of the table: texts name few words often. What a layer
/// multiplies its input with, it then multiplies once for each; and gradients of equal vectors are added up before they are multiplied.
/// </summary>
internal sealed class DistinctRows
{
    /// <summary>Rows of a table up to which their numbers are looked up.</summary>
    private const int LargestTable = 1 << 20;

    /// <summary>Numbers of a vector below which to multiply takes no longer than to find again what was multiplied before.</summary>
    private const int SmallestSize = 16;

    /// <summary>Share of different rows up to which it is faster, where threads are far from one another too: what one has multiplied the others read.</summary>
    private const double MostDifferent = 0.4;

    private int[] _numberOf = []; // one more than the number of row − 1, or 0; all 0 between two uses
    private int[] _numbers = [];
    private int[] _rows = [];
    private int _steps;
    private Tensor _table;

    /// <summary>Number of different rows.</summary>
    public int Count { get; private set; }

    /// <summary>For each step of each sequence, which of the different rows it is.</summary>
    public ReadOnlyMemory<int> Numbers => _numbers.AsMemory(0, _steps);

    /// <summary>The different rows, as rows of the table; −1 for a vector of zeros.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>The different vectors [count, size], once <see cref="Take"/> has made them.</summary>
    public Tensor Vectors { get; private set; }

    /// <summary>Finds the different rows.</summary>
    /// <param name="rows">The row of the table for each step of each sequence; −1 for zeros.</param>
    /// <param name="table">The table.</param>
    /// <returns>Whether it is worth while to compute with them instead of with every step.</returns>
    public bool Find(ReadOnlySpan<int> rows, Tensor table)
    {
        (int height, int size) = (table.Shape[0], table.Shape[1]);
        (_table, _steps, Count) = (table, rows.Length, 0);
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
        int real = 0;
        for (int i = 0; i < rows.Length; i++)
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

    /// <summary>The different vectors, made where they have not been yet.</summary>
    public Tensor Take(Pass pass)
    {
        if (!Vectors.Exists)
        {
            int size = _table.Shape[1];
            Vectors = pass.Create(new Shape(Count, size), "distinct rows", _table.Body.NeedsGradient);
            pass.Backend.GatherRows(_table.Body.Storage!, size, Rows, Vectors.Body.Storage!);
        }
        return Vectors;
    }

    /// <summary>Lets go of the pass.</summary>
    public void Forget() => (_table, Vectors, _steps, Count) = (default, default, 0, 0);
}
