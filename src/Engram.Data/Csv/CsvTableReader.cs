using System.Security.Cryptography;
using CsvHelper;

namespace Engram.Data;

/// <summary>
/// Reads CSV files into a table in three passes, so that no cell is held as text: the bytes (hash, encoding), the shape of every cell
/// (kinds of columns, decimal mark, order of dates), the values.
/// </summary>
internal static class CsvTableReader
{
    public static Table Read(IReadOnlyList<CsvSource> sources, CsvOptions options, CancellationToken cancellation = default)
    {
        using ProfileSpan span = Profile.Measure("read table", ProfileCategory.Data);
        Check(options);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<CsvFile> files = [];
        foreach (CsvSource source in sources)
        {
            TextEncoding encoding = TextEncoding.Detect(source, options.Encoding, hash, cancellation);
            files.Add(CsvFile.Scan(source, encoding, options, cancellation));
        }
        long rows = files.Sum(file => (long)file.RowCount);
        if (rows > Array.MaxLength)
        {
            throw new DataException($"{rows} rows are more than a table can hold.", files[0].Name);
        }
        CsvPlanner planner = new(files, options);
        IReadOnlyList<ColumnPlan> plans = planner.Plan();
        if (plans.Count == 0)
        {
            throw new DataException($"{files[0].Name} has no column with a name or a value. {CsvRecords.FillIt}", files[0].Name);
        }
        ColumnBuilder[] builders = [.. plans.Select(plan => ColumnBuilder.Create(plan, (int)rows))];
        RowPlaces rowPlaces = Fill(files, plans, builders, MissingTexts.Of(options));
        return new Table(
            [.. builders.Select(builder => builder.Build())],
            [.. files.Select(file => file.Name)],
            planner.Notes,
            rowPlaces,
            planner.ReadingOf(plans),
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static RowPlaces Fill(List<CsvFile> files, IReadOnlyList<ColumnPlan> plans, ColumnBuilder[] builders, MissingTexts missing)
    {
        RowPlaces rowPlaces = new();
        int row = 0;
        for (int index = 0; index < files.Count; index++)
        {
            CsvFile file = files[index];
            int[] places = [.. plans.Select(plan => plan.Places[index])];
            file.Read((reader, line) =>
            {
                for (int column = 0; column < builders.Length; column++)
                {
                    Add(builders[column], reader, places[column], row, index, line);
                }
                rowPlaces.Add(row, file.Name, line);
                row++;
            });

            void Add(ColumnBuilder builder, CsvReader reader, int place, int at, int fileIndex, long line)
            {
                ReadOnlySpan<byte> cell = place < reader.FieldCount ? reader.GetSpan(place) : default;
                if (missing.Contains(cell))
                {
                    builder.AddMissing(at);
                }
                else if (!builder.TryAdd(cell, at, fileIndex))
                {
                    builder.AddFault(cell, file.Name, line);
                }
            }
        }
        return rowPlaces;
    }

    /// <exception cref="ArgumentException">An option names what cannot be.</exception>
    internal static void Check(CsvOptions options)
    {
        if (options.Encoding is { } encoding && LegacyEncoding.Find(encoding) is null)
        {
            throw new ArgumentException($"'{encoding}' is no known encoding; {LegacyEncoding.Examples}.", nameof(options));
        }
        if (options.Delimiter is { } delimiter && (delimiter is '"' or '\r' or '\n' || !char.IsAscii(delimiter)))
        {
            throw new ArgumentException($"'{delimiter}' cannot separate cells; use an ASCII character such as , ; | or a tab.", nameof(options));
        }
        if (options.DateOrder is { } order && !Enum.IsDefined(order))
        {
            throw new ArgumentException($"{order} is no order of day, month and year.", nameof(options));
        }
        if (options.MissingValues?.Contains(null!) == true)
        {
            throw new ArgumentException("One of the texts that mean a missing value is null.", nameof(options));
        }
        if (options.DecimalMark is not (null or '.' or ','))
        {
            throw new ArgumentException($"'{options.DecimalMark}' cannot be a decimal mark; it is a point or a comma.", nameof(options));
        }
    }
}
