using Engram.Data;

namespace Engram.Tasks;

/// <summary>Puts a test table behind a training table.</summary>
internal static class TableConcatenation
{
    /// <summary>The columns that a series is made of, the rows of the second table after those of the first.</summary>
    public static Table Append(Table first, Table second, SeriesSchema schema)
    {
        IEnumerable<string> names = schema.TimeColumns.Concat(schema.Features.Select(feature => feature.Column)).Distinct(StringComparer.OrdinalIgnoreCase);
        return new Table([.. names.Select(name => Append(name, first, second))]);
    }

    private static Column Append(string name, Table first, Table second) => (first[name], second[name]) switch
    {
        (NumberColumn, NumberColumn) => new NumberColumn(name, [.. first.Numbers(name), .. second.Numbers(name)]),
        (TimeColumn, TimeColumn) => new TimeColumn(name, [.. first.Times(name), .. second.Times(name)]),
        (NumberColumn, _) => new NumberColumn(name, [.. first.Numbers(name), .. second.Numbers(name)]),
        _ => new TextColumn(name, [.. first.Texts(name), .. second.Texts(name)]),
    };
}
