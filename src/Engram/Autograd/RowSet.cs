namespace Engram.Autograd;

/// <summary>Some rows of a table of so many.</summary>
internal sealed class RowSet(int rows)
{
    private readonly bool[] _contains = new bool[rows];
    private readonly List<int> _rows = [];

    /// <summary>The rows, in the order in which they were added.</summary>
    public ReadOnlySpan<int> Rows => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows);

    /// <summary>Adds rows; negative numbers are none.</summary>
    public void Add(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if (row >= 0 && !_contains[row])
            {
                _contains[row] = true;
                _rows.Add(row);
            }
        }
    }

    /// <summary>Removes all rows.</summary>
    public void Clear()
    {
        foreach (int row in _rows)
        {
            _contains[row] = false;
        }
        _rows.Clear();
    }
}
