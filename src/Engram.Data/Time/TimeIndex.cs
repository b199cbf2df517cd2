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
                1 => FromColumn(table[columns[0]], isNamed: true),
                _ => FromParts(table, TimeParts.Assign([.. columns.Select(name => table[name])])),
            };
        }
        if (table.Columns.FirstOrDefault(column => column is TimeColumn { Faults: null }) is { } times)
        {
            return FromColumn(times, isNamed: false);
        }
        if (table.Columns.FirstOrDefault(column => column is NumberColumn numbers && NumericTime.IsCompactDates(numbers)) is { } dates)
        {
            return FromColumn(dates, isNamed: false);
        }
        TimeParts parts = TimeParts.Find(table.Columns);
        if (parts is { Year: { } year, Month: null })
        {
            return NumericTime.IsYears(year) ? FromColumn(year, isNamed: false) : null;
        }
        return parts.Year is null ? null : FromParts(table, parts);
    }

    /// <summary>A column as times.</summary>
    /// <exception cref="DataException">A cell is no time: the first is named, all are counted.</exception>
    internal static TimeColumn Convert(Column column) => Convert(column, out _);

    private static TimeColumn Convert(Column column, out IReadOnlyList<string> notes)
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
        return times.Faults is { } faults ? throw faults.ToException(column.Name, "a time", Remedy) : times;
    }

    private static TimeIndex FromColumn(Column column, bool isNamed)
    {
        TimeColumn times = Convert(column, out IReadOnlyList<string> notes);
        string[] found = isNamed ? [] : [$"The time is taken from column '{column.Name}'."];
        return new TimeIndex([column.Name], times.Values, [.. found, .. notes]);
    }

    private static TimeIndex FromParts(Table table, TimeParts parts)
    {
        DateTime[] values = new DateTime[table.RowCount];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = parts.TryGet(row, out DateTime time)
                ? time
                : throw new DataException(
                    $"Row {(row + 1).ToString(CultureInfo.InvariantCulture)} of the data: {parts.Describe(row)} is no time. Correct it, or name other time columns.",
                    table.Files.Count == 1 ? table.Files[0] : null,
                    row + 1,
                    parts.Columns[0].Name);
        }
        string[] names = [.. parts.Columns.Select(column => column.Name)];
        return new TimeIndex(names, values, [$"The time is put together from the columns {string.Join(", ", names)}."]);
    }
}
