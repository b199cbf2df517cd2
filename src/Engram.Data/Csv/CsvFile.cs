using CsvHelper;

namespace Engram.Data;

/// <summary>One file of a table after the first look at all of its rows: where its cells are and what they look like.</summary>
internal sealed class CsvFile
{
    private readonly CsvRecords _records;
    private readonly MissingTexts _missing;

    private CsvFile(CsvRecords records, MissingTexts missing) => (_records, _missing) = (records, missing);

    public string Name => _records.Name;

    public char Delimiter => _records.Dialect.Delimiter;

    public bool HasHeader => _records.Dialect.HasHeader;

    public string? EncodingNote => _records.Encoding.Note;

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
        CsvFile file = new(new CsvRecords(source, encoding, dialect, cancellation), MissingTexts.Of(options));
        using CsvReader reader = file._records.Open(out Stream stream);
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
        using CsvReader reader = _records.Open(out Stream stream);
        using Stream closing = stream;
        bool isHeader = HasHeader;
        int rows = 0;
        while (_records.Next(reader))
        {
            if (isHeader)
            {
                isHeader = false;
            }
            else if (!CsvRecords.IsEmpty(reader))
            {
                rows++;
                onRow(reader, _records.Line(reader));
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
            if (!_records.Next(reader))
            {
                throw new DataException($"{Name} is empty: it has blank lines only. {CsvRecords.FillIt}", Name);
            }
            Header = CsvRecords.Names(reader);
        }
        int fewest = Array.FindLastIndex(Header, name => name.Length > 0) + 1;
        long firstRagged = 0;
        int raggedCells = 0, ragged = 0;
        while (_records.Next(reader))
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
            if (CsvRecords.IsEmpty(reader))
            {
                EmptyRows++;
                continue;
            }
            if (reader.FieldCount < fewest || CsvRecords.HasCellsBehind(reader, Header.Length))
            {
                (firstRagged, raggedCells) = ragged++ == 0 ? (_records.Line(reader), reader.FieldCount) : (firstRagged, raggedCells);
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
            throw _records.Ragged(firstRagged, raggedCells, Header.Length, ragged);
        }
        if (RowCount == 0)
        {
            throw _records.Empty(Header);
        }
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
