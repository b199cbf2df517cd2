namespace Engram.Data;

/// <summary>
/// From which line of which file each row of a table comes. Lines mostly follow each other, so only the rows where they do not (a new
/// file, a blank line, a line end inside of quotes) are held.
/// </summary>
internal sealed class RowPlaces
{
    private readonly List<(int Row, string File, long Line)> _breaks = [];
    private long _expected = -1;

    /// <summary>Tells the place of the next row.</summary>
    public void Add(int row, string file, long line)
    {
        if (line != _expected || _breaks[^1].File != file)
        {
            _breaks.Add((row, file, line));
        }
        _expected = line + 1;
    }

    /// <summary>The place of a row, 0 the first; for a table made in memory no file, and the row counted from 1.</summary>
    public (string? File, long Line) Of(int row)
    {
        int found = _breaks.FindLastIndex(place => place.Row <= row);
        return found < 0 ? (null, row + 1L) : (_breaks[found].File, _breaks[found].Line + row - _breaks[found].Row);
    }
}
