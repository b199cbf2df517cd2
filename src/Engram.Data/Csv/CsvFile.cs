using CsvHelper;

namespace Engram.Data;

/// <summary>One file of a table after the first look at all of its rows: where its cells are and what they look like.</summary>
internal sealed class CsvFile
{
    /// <summary>What to do about a file without data.</summary>
    public const string FillIt = "Export the data again, or name another file.";

    private readonly CsvSource _source;
    private readonly TextEncoding _encoding;
    private readonly CsvDialect _dialect;
    private readonly MissingTexts _missing;
    private readonly CancellationToken _cancellation;

    private CsvFile(CsvSource source, TextEncoding encoding, CsvDialect dialect, MissingTexts missing, CancellationToken cancellation)
    {
        (_source, _encoding, _dialect, _missing, _cancellation) = (source, encoding, dialect, missing, cancellation);
    }

    public string Name => _source.Name;

    public char Delimiter => _dialect.Delimiter;

    public bool HasHeader => _dialect.HasHeader;

    public string? EncodingNote => _encoding.Note;

    /// <summary>The names in the header, or column1, column2 …; empty for columns without a name.</summary>
    public string[] Header { get; private set; } = [];

    /// <summary>One for each name.</summary>
    public ColumnProfile[] Profiles { get; private set; } = [];

    public int RowCount { get; private set; }

    /// <summary>Rows whose cells are all empty; they are passed over.</summary>
    public int EmptyRows { get; private set; }

    /// <summary>Reads all rows once and counts what they hold.</summary>
    /// <exception cref="DataException">Rows have different lengths, a quote is not closed, or there is no row.</exception>
    public static CsvFile Scan(CsvSource source, TextEncoding encoding, CsvOptions options, CancellationToken cancellation)
    {
        CsvDialect dialect = DialectDetector.Detect(source, encoding, options);
        CsvFile file = new(source, encoding, dialect, MissingTexts.Of(options), cancellation);
        using CsvReader reader = file.OpenReader(out Stream stream);
        using (stream)
        {
            file.ScanRows(reader);
        }
        return file;
    }

    /// <summary>Reads all rows again and hands them on.</summary>
    /// <param name="onRow">Gets the reader, positioned on a row, and the line in which the row begins.</param>
    public void Read(Action<CsvReader, long> onRow)
    {
        using CsvReader reader = OpenReader(out Stream stream);
        using Stream closing = stream;
        bool isHeader = HasHeader;
        int rows = 0;
        while (Next(reader))
        {
            if (isHeader)
            {
                isHeader = false;
            }
            else if (!IsEmpty(reader))
            {
                rows++;
                onRow(reader, Line(reader));
            }
        }
        if (rows != RowCount)
        {
            throw new DataException($"{Name} changed while it was read. Try again when nothing writes to it.", Name);
        }
    }

    private void ScanRows(CsvReader reader)
    {
        if (HasHeader)
        {
            if (!Next(reader))
            {
                throw new DataException($"{Name} is empty: it has blank lines only. {FillIt}", Name);
            }
            Header = new string[reader.FieldCount];
            for (int i = 0; i < Header.Length; i++)
            {
                Header[i] = reader.GetString(i).Trim();
            }
        }
        int fewest = Array.FindLastIndex(Header, name => name.Length > 0) + 1;
        long firstRagged = 0;
        int raggedCells = 0, ragged = 0;
        while (Next(reader))
        {
            if (Header.Length == 0)
            {
                Header = [.. Enumerable.Range(1, reader.FieldCount).Select(number => $"column{number}")];
                fewest = Header.Length;
            }
            if (Profiles.Length == 0)
            {
                Profiles = [.. Header.Select(_ => new ColumnProfile())];
            }
            if (IsEmpty(reader))
            {
                EmptyRows++;
                continue;
            }
            if (reader.FieldCount < fewest || HasCellsBehind(reader, Header.Length))
            {
                (firstRagged, raggedCells) = ragged++ == 0 ? (Line(reader), reader.FieldCount) : (firstRagged, raggedCells);
                continue;
            }
            RowCount++;
            for (int column = 0; column < Header.Length; column++)
            {
                Profiles[column].Add(column < reader.FieldCount ? reader.GetSpan(column) : default, _missing);
            }
        }
        if (ragged > 0)
        {
            throw Ragged(firstRagged, raggedCells, ragged);
        }
        if (RowCount == 0)
        {
            throw new DataException(
                HasHeader ? $"{Name} has a header and no rows: {string.Join(", ", Header)}. {FillIt}" : $"{Name} is empty: it has no rows. {FillIt}",
                Name);
        }
    }

    private DataException Ragged(long line, int cells, int count) => new(
        $"{Name}, row {line}: {cells} cells where {(HasHeader ? "the header has" : "the first row has")} {Header.Length} ({(count == 1 ? "the only such row" : Quantity.Of(count, "such row"))}). "
            + $"Cells are taken to be separated by {Describe(Delimiter)}; correct the row, or name the delimiter (--delimiter).",
        Name,
        line);

    /// <summary>The next record, or the error of the parser in our words.</summary>
    private bool Next(CsvReader reader)
    {
        _cancellation.ThrowIfCancellationRequested();
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

    private CsvReader OpenReader(out Stream stream)
    {
        stream = _encoding.Open(_source);
        stream.ReadExactly(new byte[_dialect.SkippedBytes]);
        return CsvReader.Create(stream, CsvDialect.ReaderOptions(Delimiter, OnMalformed), leaveOpen: true);
    }

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

    private int FirstLine => _dialect.SkippedBytes > 0 ? 1 : 0;

    private long Line(CsvReader reader) => reader.LineNumber + FirstLine;

    private static bool IsEmpty(CsvReader reader) => !HasCellsBehind(reader, 0);

    private static bool HasCellsBehind(CsvReader reader, int first)
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

    /// <summary>A delimiter in words.</summary>
    public static string Describe(char delimiter) => delimiter switch
    {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        '|' => "bars (|)",
        _ => $"'{delimiter}'",
    };
}
