namespace Engram.Data;

/// <summary>A named column of a <see cref="Table"/>: numbers, words or times, one for each row.</summary>
public abstract class Column
{
    private protected Column(string name, int rowCount)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        RowCount = rowCount;
    }

    /// <summary>The name, as the file has it.</summary>
    public string Name { get; }

    /// <summary>Number of rows, missing cells counted.</summary>
    public int RowCount { get; }

    /// <summary>Number of cells without a value.</summary>
    public abstract int MissingCount { get; }

    /// <summary>What the column holds, in a word for messages: <c>numbers</c>, <c>text</c>, <c>times</c>.</summary>
    internal abstract string Holds { get; }

    /// <summary>The cells that could not be read as what the column holds; null where there are none.</summary>
    internal CellFaults? Faults { get; init; }
}
