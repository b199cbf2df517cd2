using System.Globalization;

namespace Engram.Data;

/// <summary>
/// A table of named columns in memory: read from CSV files (<see cref="ReadCsv(string, CsvOptions?, CancellationToken)"/>) or made from arrays.
/// Columns are found by name, whatever the case. A table does not change once it is made, so many threads may read it.
/// </summary>
public sealed partial class Table
{
    private readonly Dictionary<string, Column> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a table from columns of the same length.</summary>
    /// <exception cref="ArgumentException">No column, columns of different lengths, or a name twice.</exception>
    public Table(params IReadOnlyList<Column> columns)
        : this(columns, [], [], new RowPlaces(), null, null)
    {
    }

    internal Table(IReadOnlyList<Column> columns, IReadOnlyList<string> files, IReadOnlyList<string> notes, RowPlaces places, CsvReading? reading, string? sha256)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
        {
            throw new ArgumentException("A table needs at least one column.", nameof(columns));
        }
        foreach (Column column in columns)
        {
            if (column.RowCount != columns[0].RowCount)
            {
                throw new ArgumentException(
                    $"Columns of a table have the same length: '{columns[0].Name}' has {columns[0].RowCount} rows, '{column.Name}' has {column.RowCount}.",
                    nameof(columns));
            }
            if (!_byName.TryAdd(column.Name, column))
            {
                throw new ArgumentException($"Two columns are named '{column.Name}' (case aside).", nameof(columns));
            }
        }
        Columns = [.. columns];
        Files = files;
        Notes = notes;
        Places = places;
        Reading = reading;
        RowCount = columns[0].RowCount;
        Sha256 = sha256 ?? TableHash.Of(Columns);
    }

    /// <summary>The columns, in the order of the file.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of rows, the header not counted.</summary>
    public int RowCount { get; }

    /// <summary>The files that were read, in their order; empty for a table made in memory.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>What was detected, assumed or left out while reading, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>How its files were read, for other files of the same data (<see cref="CsvOptions.Like"/>); null for a table made in memory.</summary>
    public CsvReading? Reading { get; }

    /// <summary>
    /// SHA-256 of all bytes of the input files one after the other, lower-case hexadecimal. For a table made in memory, of its names
    /// and values.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Where its rows come from.</summary>
    internal RowPlaces Places { get; }

    /// <summary>The column of a name, whatever its case.</summary>
    /// <exception cref="DataException">There is no such column; the message offers the nearest name.</exception>
    public Column this[string name] => TryGetColumn(name, out Column? column) ? column : throw NoSuchColumn(name);

    /// <summary>Looks a column up by name, whatever its case; false where there is none.</summary>
    public bool TryGetColumn(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Column? column)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name.Trim(), out column);
    }

    /// <summary>The numbers of a column, NaN where a cell is missing: a copy.</summary>
    /// <exception cref="DataException">No such column, or cells that are no (finite) numbers: the first is named, all are counted.</exception>
    public double[] Numbers(string name) => RequireNumbers(name).Values.ToArray();

    /// <summary>The times of a column, <see cref="DateTime.MinValue"/> where a cell is missing: a copy.</summary>
    /// <exception cref="DataException">No such column, or cells that are no times: the first is named, all are counted.</exception>
    public DateTime[] Times(string name) => TimeIndex.Convert(this, this[name]).Values.ToArray();

    /// <summary>
    /// The texts of a column, null where a cell is missing: a copy. Numbers are written in the shortest way that reads back as the same
    /// number, times as <c>yyyy-MM-dd HH:mm:ss</c>.
    /// </summary>
    /// <exception cref="DataException">No such column.</exception>
    public string?[] Texts(string name)
    {
        Column column = this[name];
        string?[] texts = new string?[RowCount];
        for (int row = 0; row < texts.Length; row++)
        {
            texts[row] = column switch
            {
                NumberColumn numbers when !double.IsNaN(numbers.Values.Span[row]) => numbers.Values.Span[row].ToString("R", CultureInfo.InvariantCulture),
                TextColumn words => words[row],
                TimeColumn times when times.Values.Span[row] != DateTime.MinValue => times.Values.Span[row].ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                _ => null,
            };
        }
        return texts;
    }

    /// <summary>The column of a name as numbers, without faulty cells.</summary>
    internal NumberColumn RequireNumbers(string name)
    {
        Column column = this[name];
        const string Remedy = "Correct the cells, or declare such texts missing (--missing, CsvOptions.MissingValues).";
        return column switch
        {
            NumberColumn { Faults: null } numbers => numbers,
            { Faults: { } faults } and (NumberColumn or TextColumn) => throw faults.ToException(column.Name, "a number", Remedy),
            TextColumn words => throw FirstWord(words).ToException(column.Name, "a number", Remedy),
            _ => throw new DataException(
                $"{Place}column '{column.Name}' holds {column.Holds}, but numbers are needed. Columns of numbers: {Join(Columns.OfType<NumberColumn>())}.",
                Files.Count > 0 ? Files[0] : null,
                column: column.Name),
        };
    }

    private string Place => Files.Count == 0 ? "" : string.Join(", ", Files) + ": ";

    private static CellFaults FirstWord(TextColumn words)
    {
        int first = words.Codes.Span.IndexOfAnyExcept(-1);
        return new CellFaults(null, first + 1, first < 0 ? "" : words[first]!, words.RowCount - words.MissingCount);
    }

    private DataException NoSuchColumn(string name)
    {
        string? nearest = NameSuggestion.Nearest(name, Columns.Select(column => column.Name));
        string hint = nearest is not null ? $" Did you mean '{nearest}'?"
            : Columns.Count == 1 && Files.Count > 0 ? " All was read as one column: name what stands between cells (--delimiter, CsvOptions.Delimiter)." : "";
        return new DataException(
            $"{Place}there is no column '{name}'.{hint} The columns are: {Join(Columns)}.",
            Files.Count > 0 ? Files[0] : null,
            column: name);
    }

    private static string Join(IEnumerable<Column> columns)
    {
        const int Shown = 20;
        string[] names = [.. columns.Select(column => column.Name)];
        string rest = names.Length > Shown ? $" and {names.Length - Shown} more" : "";
        return string.Join(", ", names.Take(Shown)) + rest;
    }
}
