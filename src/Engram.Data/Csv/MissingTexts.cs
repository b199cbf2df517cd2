using System.Text;

namespace Engram.Data;

/// <summary>The texts that mean a missing value: an empty cell, and those of <see cref="CsvOptions.MissingValues"/>.</summary>
internal sealed class MissingTexts
{
    private readonly HashSet<string> _texts;
    private readonly byte[][] _bytes;
    private readonly int _longest;

    private MissingTexts(IReadOnlyList<string> texts)
    {
        _texts = new HashSet<string>(texts.Select(text => text.Trim()), StringComparer.OrdinalIgnoreCase);
        _bytes = [.. _texts.Select(Encoding.UTF8.GetBytes)];
        _longest = _bytes.Length == 0 ? 0 : _bytes.Max(text => text.Length);
    }

    public static MissingTexts Of(CsvOptions options) => new(options.MissingValues ?? options.Like?.MissingValues ?? CsvOptions.DefaultMissingValues);

    public bool Contains(string cell) => cell.Length == 0 || _texts.Contains(cell);

    /// <summary>Whether a cell, UTF-8, is missing.</summary>
    public bool Contains(ReadOnlySpan<byte> cell)
    {
        if (cell.Length == 0)
        {
            return true;
        }
        if (cell.Length > _longest)
        {
            return false;
        }
        foreach (byte[] text in _bytes)
        {
            if (Ascii.EqualsIgnoreCase(cell, text) || cell.SequenceEqual(text))
            {
                return true;
            }
        }
        return false;
    }
}
