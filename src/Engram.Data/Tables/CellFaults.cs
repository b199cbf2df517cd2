using System.Globalization;

namespace Engram.Data;

/// <summary>The cells of a column that are not what the column is asked for: the first of them, and how many.</summary>
/// <param name="File">The file of the first such cell; null for tables made in memory.</param>
/// <param name="Row">Its row, see <see cref="DataException.Row"/>.</param>
/// <param name="Value">Its text.</param>
/// <param name="Count">Number of such cells in the column.</param>
internal sealed record CellFaults(string? File, long Row, string Value, long Count)
{
    /// <summary>The error: <c>prices.csv, row 18, column 'close': 'abc' is not a number (3 such cells). …</c></summary>
    public DataException ToException(string column, string wanted, string remedy)
    {
        string file = File is null ? "" : File + ", ";
        string count = Count == 1 ? "the only such cell" : $"{Count.ToString("N0", CultureInfo.InvariantCulture)} such cells";
        return new DataException(
            $"{file}row {Row.ToString(CultureInfo.InvariantCulture)}, column '{column}': '{Value}' is not {wanted} ({count}). {remedy}",
            File,
            Row,
            column);
    }
}
