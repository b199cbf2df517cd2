namespace Engram.Data;

public sealed partial class Table
{
    /// <summary>
    /// Reads a CSV file. Encoding, delimiter, decimal mark, date order, header and the kinds of columns are found from the whole file
    /// where the options leave them out; <see cref="Notes"/> say what was found.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is written, where that shall not be found.</param>
    /// <param name="cancellation">Ends it between rows.</param>
    /// <remarks>
    /// The file is read three times, and no cell is held as text: memory is 8 bytes a number or time and 4 a word.
    /// A column is numbers (or times) if more than half of its cells are; the others are reported when it is asked for.
    /// </remarks>
    /// <exception cref="DataException">
    /// The file is missing, a folder, empty, binary, has only a header, has rows of different lengths or an unclosed quote.
    /// </exception>
    /// <exception cref="ArgumentException">An option names what cannot be: an unknown encoding, a quote as delimiter.</exception>
    /// <exception cref="OperationCanceledException">Reading was cancelled.</exception>
    public static Table ReadCsv(string path, CsvOptions? options = null, CancellationToken cancellation = default) => ReadCsv([path], options, cancellation);

    /// <summary>Reads several CSV files of the same columns as one table: their rows in the order given, columns matched by name.</summary>
    /// <param name="paths">The files, one at least.</param>
    /// <param name="options">How they are written, where that shall not be found for each of them.</param>
    /// <param name="cancellation">Ends it between rows.</param>
    /// <inheritdoc cref="ReadCsv(string, CsvOptions?, CancellationToken)" path="//remarks|//exception"/>
    public static Table ReadCsv(IReadOnlyList<string> paths, CsvOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
        {
            throw new ArgumentException("Name at least one file.", nameof(paths));
        }
        return CsvTableReader.Read([.. paths.Select(CsvSource.FromFile)], options ?? new CsvOptions(), cancellation);
    }

    /// <summary>Reads CSV from a stream, which need not be rewindable: it is copied to a temporary file first. The stream stays open.</summary>
    /// <param name="stream">The bytes of a CSV file, from where the stream stands.</param>
    /// <param name="options">How they are written, where that shall not be found.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <param name="cancellation">Ends it between rows.</param>
    /// <inheritdoc cref="ReadCsv(string, CsvOptions?, CancellationToken)" path="//remarks|//exception"/>
    public static Table ReadCsv(Stream stream, CsvOptions? options = null, string name = "standard input", CancellationToken cancellation = default)
    {
        using CsvSource source = CsvSource.FromStream(stream, name, cancellation);
        return CsvTableReader.Read([source], options ?? new CsvOptions(), cancellation);
    }

    /// <summary>Reads CSV from a text, which is copied to a temporary file first. <see cref="Sha256"/> is that of the text in UTF-8.</summary>
    /// <param name="reader">The text of a CSV file, from where the reader stands.</param>
    /// <param name="options">How it is written, where that shall not be found; the encoding does not matter.</param>
    /// <param name="name">What to call the text in messages.</param>
    /// <param name="cancellation">Ends it between rows.</param>
    /// <inheritdoc cref="ReadCsv(string, CsvOptions?, CancellationToken)" path="//remarks|//exception"/>
    public static Table ReadCsv(TextReader reader, CsvOptions? options = null, string name = "standard input", CancellationToken cancellation = default)
    {
        using CsvSource source = CsvSource.FromReader(reader, name);
        return CsvTableReader.Read([source], (options ?? new CsvOptions()) with { Encoding = "utf-8" }, cancellation);
    }
}
