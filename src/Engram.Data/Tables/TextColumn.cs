namespace Engram.Data;

/// <summary>
/// A column of words, held as a dictionary: every different text once (<see cref="Levels"/>), and a number for each row
/// (<see cref="Codes"/>).
/// </summary>
public sealed class TextColumn : Column
{
    private readonly string[] _levels;

    /// <summary>Makes a column from one text a row.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">One text a row, null where it is missing.</param>
    public TextColumn(string name, IReadOnlyList<string?> values)
        : this(name, Encode(values, out string[] levels), levels, null)
    {
    }

    internal TextColumn(string name, int[] codes, string[] levels, CellFaults? faults)
        : base(name, codes.Length)
    {
        Codes = codes;
        _levels = levels;
        Faults = faults;
    }

    /// <summary>The different texts, in the order of their first appearance.</summary>
    public IReadOnlyList<string> Levels => _levels;

    /// <summary>For each row the index of its text in <see cref="Levels"/>; −1 where the cell is missing.</summary>
    public ReadOnlyMemory<int> Codes { get; }

    /// <summary>The text of a row, the first being 0; null where it is missing.</summary>
    public string? this[int row] => Codes.Span[row] is >= 0 and int code ? _levels[code] : null;

    /// <inheritdoc/>
    public override int MissingCount
    {
        get
        {
            int count = 0;
            foreach (int code in Codes.Span)
            {
                count += code < 0 ? 1 : 0;
            }
            return count;
        }
    }

    internal override string Holds => "text";

    private static int[] Encode(IReadOnlyList<string?> values, out string[] levels)
    {
        ArgumentNullException.ThrowIfNull(values);
        Dictionary<string, int> codeOf = new(StringComparer.Ordinal);
        int[] codes = new int[values.Count];
        for (int row = 0; row < codes.Length; row++)
        {
            codes[row] = -1;
            if (values[row] is { } text)
            {
                codeOf.TryAdd(text, codeOf.Count);
                codes[row] = codeOf[text];
            }
        }
        levels = [.. codeOf.Keys];
        return codes;
    }
}
