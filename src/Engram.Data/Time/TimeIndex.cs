using System.Globalization;

namespace Engram.Data;

/// <summary>The time stamps of a table's rows, from one column or from several.</summary>
public sealed class TimeIndex
{
    private TimeIndex(IReadOnlyList<string> columns, ReadOnlyMemory<DateTime> values, IReadOnlyList<string> notes)
    {
        Columns = columns;
        Values = values;
        Notes = notes;
    }

    /// <summary>The columns that the stamps come from, as the table names them.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>One stamp a row, without a zone; <see cref="DateTime.MinValue"/> where it is missing.</summary>
    public ReadOnlyMemory<DateTime> Values { get; }

    /// <summary>What was found or assumed, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Finds the time stamps of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">
    /// The columns that hold them. One column may hold dates, or numbers: 20240102, a year, and (only when named here) seconds or
    /// milliseconds since 1970. Several columns are year, month, day, hour, minute, second, told by their names in English or Chinese
    /// (年 月 日 时 分 秒), or else by their order; or a date followed by its time of day or its hour. Null (default): the first column that
    /// holds times, else the first whose numbers are all dates such as 20240102, else columns named year and month and so on, else a
    /// column named year. Empty: none.
    /// </param>
    /// <returns>The stamps; null where none are found, or <paramref name="columns"/> is empty.</returns>
    /// <exception cref="DataException">A column that was named is not there, or a cell is no time.</exception>
    public static TimeIndex? Find(Table table, IReadOnlyList<string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (columns is not null)
        {
            return columns.Count switch
            {
                0 => null,
                1 => FromColumn(table, table[columns[0]], isNamed: true),
                _ => FromParts(table, TimeParts.Assign([.. columns.Select(name => table[name])])),
            };
        }
        // A column with faulty cells is meant as the time where there is no better: it is better to say so than to go without.
        IEnumerable<TimeColumn> times = table.Columns.OfType<TimeColumn>();
        if (times.OrderBy(column => column.Faults is null ? 0 : 1).FirstOrDefault() is { } first)
        {
            return FromColumn(table, first, isNamed: false);
        }
        if (table.Columns.FirstOrDefault(column => column is NumberColumn numbers && NumericTime.IsCompactDates(numbers)) is { } dates)
        {
            return FromColumn(table, dates, isNamed: false);
        }
        TimeParts parts = TimeParts.Find(table.Columns);
        if (parts is { Year: { } year, Month: null })
        {
            return NumericTime.IsYears(year) ? FromColumn(table, year, isNamed: false) : null;
        }
        return parts.Year is null ? null : FromParts(table, parts);
    }

    /// <summary>A column as times.</summary>
    /// <exception cref="DataException">A cell is no time: the first is named, all are counted.</exception>
    internal static TimeColumn Convert(Table table, Column column) => Convert(table, column, out _);

    private static TimeColumn Convert(Table table, Column column, out IReadOnlyList<string> notes)
    {
        const string Remedy = "Correct the cells, or declare such texts missing (--missing, CsvOptions.MissingValues).";
        notes = [];
        TimeColumn times = column switch
        {
            TimeColumn own => own,
            NumberColumn numbers => NumericTime.Convert(numbers, out notes),
            TextColumn words => TextTime.Convert(words, out notes),
            _ => throw new ArgumentException($"Column '{column.Name}' holds {column.Holds}.", nameof(column)),
        };
        if (times.Faults is not { } faults)
        {
            return times;
        }
        if (faults.File is null)
        {
            (string? file, long line) = table.Places.Of((int)faults.Row - 1);
            faults = faults with { File = file, Row = line };
        }
        throw faults.ToException(column.Name, "a time", Remedy);
    }

    private static TimeIndex FromColumn(Table table, Column column, bool isNamed)
    {
        TimeColumn times = Convert(table, column, out IReadOnlyList<string> notes);
        string[] found = isNamed ? [] : [$"The time is taken from column '{column.Name}'."];
        return new TimeIndex([column.Name], times.Values, [.. found, .. notes]);
    }

    private static TimeIndex FromParts(Table table, TimeParts parts)
    {
        DateTime[] values = new DateTime[table.RowCount];
        for (int row = 0; row < values.Length; row++)
        {
            if (!parts.TryGet(row, out values[row]))
            {
                (string? file, long line) = table.Places.Of(row);
                string place = (file is null ? "" : file + ", ") + "row " + line.ToString(CultureInfo.InvariantCulture);
                throw new DataException($"{place}: {parts.Describe(row)} is no time. Correct it, or name other time columns.", file, line, parts.Columns[0].Name);
            }
        }
        string[] names = [.. parts.Columns.Select(column => column.Name)];
        return new TimeIndex(names, values, [$"The time is put together from the columns {string.Join(", ", names)}."]);
    }
}
