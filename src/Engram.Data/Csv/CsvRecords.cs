using CsvHelper;

namespace Engram.Data;

/// <summary>Reads the records of a file, with errors in our words.</summary>
/// <param name="source">The file.</param>
/// <param name="encoding">How its bytes are letters.</param>
/// <param name="dialect">How its lines are cut into cells.</param>
/// <param name="cancellation">Ends it between records.</param>
internal sealed class CsvRecords(CsvSource source, TextEncoding encoding, CsvDialect dialect, CancellationToken cancellation)
{
    /// <summary>What to do about a file without data.</summary>
    public const string FillIt = "Export the data again, or name another file.";

    public string Name => source.Name;

    public TextEncoding Encoding => encoding;

    public CsvDialect Dialect => dialect;

    /// <summary>A reader that stands before the first record.</summary>
    /// <param name="stream">To be closed behind the reader.</param>
    /// <param name="onMalformed">Receives what is wrong with a record; where left out, a quote that is not closed is an error.</param>
    public CsvReader Open(out Stream stream, Action<CsvMalformedRecord>? onMalformed = null)
    {
        stream = encoding.Open(source);
        stream.ReadExactly(new byte[dialect.SkippedBytes]);
        return CsvReader.Create(stream, dialect.ReaderOptions(onMalformed ?? OnMalformed), leaveOpen: true);
    }

    /// <summary>The next record, or the error of the parser in our words.</summary>
    public bool Next(CsvReader reader)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException exception)
        {
            long line = exception.LineNumber + FirstLine;
            throw new DataException(
                $"{Name}, row {line} is longer than 16 MiB. Perhaps a quote (\") is opened there and not closed.",
                Name,
                line,
                innerException: exception);
        }
    }

    /// <summary>The line of the file in which the record begins.</summary>
    public long Line(CsvReader reader) => reader.LineNumber + FirstLine;

    /// <summary>The header's names, the reader standing on it.</summary>
    public static string[] Names(CsvReader reader)
    {
        string[] names = new string[reader.FieldCount];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.GetString(i).Trim();
        }
        return names;
    }

    /// <summary>Whether no cell of the record has a value.</summary>
    public static bool IsEmpty(CsvReader reader) => !HasCellsBehind(reader, 0);

    /// <summary>Whether a cell from the given one on has a value.</summary>
    public static bool HasCellsBehind(CsvReader reader, int first)
    {
        for (int i = first; i < reader.FieldCount; i++)
        {
            if (!reader.IsEmpty(i))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The error of records that have more or fewer cells than there are columns.</summary>
    public DataException Ragged(long line, int cells, int columns, int count) => new(
        $"{Name}, row {line}: {cells} cells where {(dialect.HasHeader ? "the header has" : "the first row has")} {columns} ({(count == 1 ? "the only such row" : Quantity.Of(count, "such row"))}). "
            + $"Cells are taken to be separated by {CsvFile.Describe(dialect.Delimiter)}; correct the row, or name the delimiter (--delimiter).",
        Name,
        line);

    /// <summary>The error of a file that has no rows.</summary>
    public DataException Empty(string[] header) => new(
        header.Length > 0 && dialect.HasHeader ? $"{Name} has a header and no rows: {string.Join(", ", header)}. {FillIt}" : $"{Name} is empty: it has no rows. {FillIt}",
        Name);

    private void OnMalformed(CsvMalformedRecord record)
    {
        if (record.Reason == CsvMalformedReason.UnterminatedQuote)
        {
            long line = record.LineNumber + FirstLine;
            throw new DataException(
                $"{Name}, row {line}: a quote (\") is opened and not closed before the end of the file. Close it, or double it (\"\") if it is part of the text.",
                Name,
                line);
        }
    }

    private int FirstLine => dialect.SkippedBytes > 0 ? 1 : 0;
}
