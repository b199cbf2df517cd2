using System.Security.Cryptography;
using System.Text;
using CsvHelper;

namespace Engram.Data;

/// <summary>
/// A text column, and where asked for a label column, of CSV or TSV files, also packed with gzip. Texts come one by one, as often as asked for, so that
/// files may be larger than memory; <see cref="LabelledTexts"/> keeps them, so that any can be asked for.
/// </summary>
public sealed class LabelledTextFiles
{
    private readonly List<CsvRecords> _files = [];
    private readonly List<string> _notes = [];
    private readonly string _textColumn;
    private readonly string? _labelColumn;

    private LabelledTextFiles(string textColumn, string? labelColumn) => (_textColumn, _labelColumn) = (textColumn, labelColumn);

    /// <summary>The files, in the order in which they are read.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(file => file.Name)];

    /// <summary>SHA-256 of all bytes of the files one after the other, packed ones as they are, lower-case hexadecimal.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>What was detected or assumed, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Rows of the last walk that stand between others and were passed over, because all their cells are empty.</summary>
    internal long PassedOver { get; private set; }

    /// <summary>The line of the first of them.</summary>
    internal long FirstPassedOver { get; private set; }

    /// <summary>The texts alone; each walk reads the files anew.</summary>
    public IEnumerable<string> Texts => Rows().Select(row => row.Text);

    /// <summary>Looks through files: whether they are there and whole, how they are written.</summary>
    /// <param name="paths">The files, one at least, of the same columns.</param>
    /// <param name="textColumn">Name of the column of texts, whatever its case.</param>
    /// <param name="labelColumn">Name of the column of labels; null where they are not to be read.</param>
    /// <param name="options">How the files are written, where that shall not be found; <see cref="CsvOptions.MissingValues"/> has no meaning here.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataException">A file is missing, empty, binary, damaged, or lacks a column.</exception>
    /// <exception cref="ArgumentException">An option names what cannot be.</exception>
    public static LabelledTextFiles Open(
        IReadOnlyList<string> paths, string textColumn, string? labelColumn = null, CsvOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Count > 0 ? Open([.. paths.Select(CsvSource.FromFile)], textColumn, labelColumn, options, cancellation)
            : throw new ArgumentException("Name at least one file.", nameof(paths));
    }

    internal static LabelledTextFiles Open(
        IReadOnlyList<CsvSource> sources, string textColumn, string? labelColumn, CsvOptions? options, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(textColumn);
        options ??= new CsvOptions();
        CsvTableReader.Check(options);
        LabelledTextFiles files = new(textColumn.Trim(), labelColumn?.Trim());
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CsvSource source in sources)
        {
            TextEncoding encoding = TextEncoding.Detect(source, options.Encoding, hash, cancellation);
            CsvDialect dialect = DialectDetector.Detect(source, encoding, options) with { TrimsCells = false, SkipsBlankLines = false };
            CsvRecords records = new(source, encoding, dialect, cancellation);
            files.Add(HasPlainQuotes(records) ? new CsvRecords(source, encoding, dialect with { HasQuotes = false }, cancellation) : records, sources.Count > 1);
        }
        files.Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return files;
    }

    /// <summary>Reads the files from the start, row by row. Rows whose cells are all empty are passed over.</summary>
    /// <exception cref="DataException">A row has more cells than there are columns or lacks its text or label.</exception>
    public IEnumerable<LabelledText> Rows()
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        PassedOver = 0;
        foreach (CsvRecords file in _files)
        {
            using CsvReader reader = file.Open(out Stream stream);
            using Stream closing = stream;
            int text = 0, label = -1, columns = 0;
            bool isFirst = true;
            long empty = 0, firstEmpty = 0;
            while (file.Next(reader))
            {
                if (CsvRecords.IsEmpty(reader))
                {
                    firstEmpty = empty++ == 0 ? file.Line(reader) : firstEmpty;
                    continue;
                }
                if (isFirst)
                {
                    isFirst = false;
                    string[] header = HeaderOf(file, reader);
                    (text, label, columns) = (TextPlace(file, header), _labelColumn is null ? -1 : Place(file, header, _labelColumn), header.Length);
                    empty = 0;
                    if (file.Dialect.HasHeader)
                    {
                        continue;
                    }
                }
                FirstPassedOver = PassedOver == 0 && empty > 0 ? firstEmpty : FirstPassedOver;
                PassedOver += empty;
                empty = 0;
                yield return Row(file, reader, text, label, columns, labels);
            }
        }
    }

    private LabelledText Row(CsvRecords file, CsvReader reader, int text, int label, int columns, Dictionary<string, string> labels)
    {
        long line = file.Line(reader);
        if (reader.FieldCount <= Math.Max(text, label) || CsvRecords.HasCellsBehind(reader, columns))
        {
            throw file.Ragged(line, reader.FieldCount, columns, 1);
        }
        string? name = null;
        if (label >= 0)
        {
            string given = Encoding.UTF8.GetString(reader.GetSpan(label)).Trim();
            if (given.Length == 0)
            {
                throw new DataException(
                    $"{file.Name}, row {line}, column '{_labelColumn}': there is no label. Fill it in, or delete the row.", file.Name, line, _labelColumn);
            }
            if (!labels.TryGetValue(given, out name))
            {
                labels.Add(given, name = given);
            }
        }
        return new LabelledText(Encoding.UTF8.GetString(reader.GetSpan(text)), name, file.Name, line);
    }

    private void Add(CsvRecords file, bool isOneOfSeveral)
    {
        string place = isOneOfSeveral ? file.Name + ": " : "";
        if (file.Encoding.Note is { } encoding)
        {
            _notes.Add(place + encoding);
        }
        if (!file.Dialect.HasQuotes)
        {
            _notes.Add($"{place}Quotes (\") are taken as part of the texts: cells do not begin and end with them throughout.");
        }
        CheckColumns(file);
        _files.Add(file);
    }

    /// <summary>The columns are there, and a row.</summary>
    private void CheckColumns(CsvRecords file)
    {
        using CsvReader reader = file.Open(out Stream stream);
        using Stream closing = stream;
        if (!NextFilled(file, reader))
        {
            throw file.Empty([]);
        }
        string[] header = HeaderOf(file, reader);
        TextPlace(file, header);
        if (_labelColumn is not null)
        {
            Place(file, header, _labelColumn);
        }
        if (file.Dialect.HasHeader && !NextFilled(file, reader))
        {
            throw file.Empty(header);
        }
    }

    /// <summary>The next record that has a value.</summary>
    private static bool NextFilled(CsvRecords file, CsvReader reader)
    {
        while (file.Next(reader))
        {
            if (!CsvRecords.IsEmpty(reader))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Whether quotes are letters like any other, as in many files with tabs: where quotes are not closed, or text follows behind them, they do not
    /// enclose cells. Only tabs show that; with commas a cell could not hold one without quotes.
    /// </summary>
    private static bool HasPlainQuotes(CsvRecords file)
    {
        if (file.Dialect.Delimiter != '\t')
        {
            return false;
        }
        bool areStrange = false;
        using CsvReader reader = file.Open(out Stream stream, record => areStrange |= record.Reason is CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.TextAfterClosingQuote);
        using Stream closing = stream;
        try
        {
            while (!areStrange && file.Next(reader))
            {
            }
        }
        catch (DataException)
        {
            return true; // One that is never closed has swallowed 16 MiB.
        }
        return areStrange;
    }

    private static string[] HeaderOf(CsvRecords file, CsvReader reader) =>
        file.Dialect.HasHeader ? CsvRecords.Names(reader) : [.. Enumerable.Range(1, reader.FieldCount).Select(number => $"column{number}")];

    /// <summary>Where the texts stand: in the column of their name, or in the only one of a file that names none and is read for its texts alone.</summary>
    private int TextPlace(CsvRecords file, string[] header) =>
        !file.Dialect.HasHeader && header.Length == 1 && _labelColumn is null ? 0 : Place(file, header, _textColumn);

    private int Place(CsvRecords file, string[] header, string column)
    {
        int place = Array.FindIndex(header, name => string.Equals(name, column, StringComparison.OrdinalIgnoreCase));
        if (place >= 0)
        {
            return place;
        }
        string hint = NameSuggestion.Nearest(column, header) is { } nearest ? $" Did you mean '{nearest}'?"
            : header.Length > 1 ? ""
            : _labelColumn is null ? " All was read as one column: name what stands between cells (--delimiter, CsvOptions.Delimiter), or, if its first line is a text, say so (--no-header, CsvOptions.HasHeader)."
            : " All was read as one column: name what stands between cells (--delimiter, CsvOptions.Delimiter).";
        throw new DataException($"{file.Name}: there is no column '{column}'.{hint} The columns are: {string.Join(", ", header.Take(20))}.", file.Name, column: column);
    }
}
