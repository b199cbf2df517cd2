using System.Buffers;
using System.Text;
using CsvHelper;

namespace Engram.Data;

/// <summary>Finds the delimiter and the header of a file from its first lines.</summary>
internal static class DialectDetector
{
    private const int SampleBytes = 1 << 18;
    private const int SampleRecords = 500;

    /// <summary>In the order of preference. The comma is last but for the bar: it also stands inside numbers.</summary>
    private static readonly char[] _delimiters = ['\t', ';', ',', '|'];

    public static CsvDialect Detect(CsvSource source, TextEncoding encoding, CsvOptions options)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SampleBytes);
        try
        {
            return Detect(source, encoding, options, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static CsvDialect Detect(CsvSource source, TextEncoding encoding, CsvOptions options, byte[] buffer)
    {
        using Stream stream = encoding.Open(source);
        int length = stream.ReadAtLeast(buffer.AsSpan(0, SampleBytes), SampleBytes, throwOnEndOfStream: false);
        int skipped = ExcelHint(buffer.AsSpan(0, length), out char? hinted);
        ReadOnlyMemory<byte> sample = buffer.AsMemory(skipped, length - skipped);
        bool isWhole = length < SampleBytes;
        char delimiter = options.Delimiter ?? hinted ?? FindDelimiter(sample, isWhole);
        bool hasHeader = options.HasHeader ?? HasHeader(Parse(sample, delimiter, isWhole), options);
        return new CsvDialect(delimiter, hasHeader, skipped);
    }

    private static char FindDelimiter(ReadOnlyMemory<byte> sample, bool isWhole)
    {
        (char delimiter, double best) = (',', 0);
        foreach (char candidate in _delimiters)
        {
            double score = Score(Parse(sample, candidate, isWhole), candidate);
            if (score > best)
            {
                (delimiter, best) = (candidate, score);
            }
        }
        // One column: a delimiter that neither numbers nor texts contain.
        return best > 0 ? delimiter : sample.Span.Contains((byte)'\t') ? ';' : '\t';
    }

    /// <summary>
    /// How well a delimiter fits: the share of records that have as many cells as the first (empty ones at the end aside), lowered by
    /// other delimiters left inside of cells. 0 where the first is not cut, or most records do not fit.
    /// </summary>
    private static double Score(List<string[]> records, char delimiter)
    {
        if (records.Count == 0 || records[0].Length < 2)
        {
            return 0;
        }
        int fewest = CellsWithoutEmptyTail(records[0]);
        double fit = records.Count(record => record.Length >= fewest && CellsWithoutEmptyTail(record) <= records[0].Length) / (double)records.Count;
        char[] others = [.. _delimiters.Where(other => other != delimiter && other != ',')];
        double mixed = records.Sum(record => record.Count(cell => cell.AsSpan().IndexOfAny(others) >= 0)) / (double)records.Sum(record => record.Length);
        return fit < 0.5 ? 0 : fit * (1 - (mixed / 2));
    }

    private static int CellsWithoutEmptyTail(string[] record)
    {
        int count = record.Length;
        while (count > 1 && record[count - 1].Length == 0)
        {
            count--;
        }
        return count;
    }

    /// <summary>Where files of the same data had no header, only one that has the names which such columns are given.</summary>
    private static bool HasHeader(List<string[]> records, CsvOptions options) => options.Like?.HasHeader == false
        ? records is [[var first, ..], ..] && first.Equals("column1", StringComparison.OrdinalIgnoreCase)
        : LooksLikeHeader(records, MissingTexts.Of(options));

    /// <summary>
    /// A header names columns: its cells are no numbers or times, though those below are; or it has words only, and so do the rows.
    /// </summary>
    private static bool LooksLikeHeader(List<string[]> records, MissingTexts missing)
    {
        if (records.Count < 2)
        {
            return records.Count == 0 || !records[0].Any(IsValue);
        }
        int words = 0, values = 0, contrasts = 0;
        for (int column = 0; column < records[0].Length; column++)
        {
            string first = records[0][column];
            if (first.Length == 0)
            {
                continue;
            }
            bool isValue = IsValue(first);
            words += isValue ? 0 : 1;
            values += isValue ? 1 : 0;
            string[] below = [.. records.Skip(1).Where(record => column < record.Length && !missing.Contains(record[column])).Select(record => record[column])];
            bool belowAreValues = below.Length > 0 && below.Count(IsValue) > 0.5 * below.Length;
            contrasts += !isValue && belowAreValues && !missing.Contains(first) ? 1 : 0;
        }
        return contrasts > 0 || (values == 0 && words > 0);
    }

    private static bool IsValue(string cell)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(cell);
        return NumberText.Classify(bytes, out _) != NumberShape.None || TimeText.TryRead(bytes, out _);
    }

    /// <summary>A first line <c>sep=;</c>, which names the delimiter.</summary>
    private static int ExcelHint(ReadOnlySpan<byte> sample, out char? delimiter)
    {
        delimiter = null;
        int end = sample.IndexOf((byte)'\n');
        if (end is < 5 or > 6 || !sample.StartsWith("sep="u8))
        {
            return 0;
        }
        delimiter = (char)sample[4];
        return end + 1;
    }

    private static List<string[]> Parse(ReadOnlyMemory<byte> sample, char delimiter, bool isWhole)
    {
        List<string[]> records = [];
        using CsvReader reader = CsvReader.Create(sample, new CsvDialect(delimiter, HasHeader: false, SkippedBytes: 0).ReaderOptions());
        while (records.Count < SampleRecords && reader.Read())
        {
            string[] record = new string[reader.FieldCount];
            for (int i = 0; i < record.Length; i++)
            {
                record[i] = reader.GetString(i);
            }
            records.Add(record);
        }
        if (!isWhole && records.Count is > 1 and < SampleRecords)
        {
            // The sample ends inside of a record.
            records.RemoveAt(records.Count - 1);
        }
        return records;
    }
}
