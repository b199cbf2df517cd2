using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Texts, with their labels where they have some: read from files, or given. Labels stay as they are written, numbers too. Of texts that are read 1 GiB stays in
/// memory; what is more lies in a temporary file, from which each comes when it is asked for. Reading is safe from many threads at once.
/// </summary>
public sealed class LabelledTexts
{
    private readonly RowPlaces _places = new();

    /// <summary>Texts that were made in memory.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">A label for each; null where there are none.</param>
    /// <exception cref="ArgumentException">There are more or fewer labels than texts.</exception>
    public LabelledTexts(IReadOnlyList<string> texts, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (labels is not null && labels.Count != texts.Count)
        {
            throw new ArgumentException($"There are {texts.Count} texts, but {labels.Count} labels. Give one for each text.", nameof(labels));
        }
        (Texts, Labels, Files, Notes, Sha256) = (texts, labels, [], [], HashOf(texts, labels));
    }

    private LabelledTexts(LabelledTextFiles files, bool hasLabels, long memoryLimit = TextStore.DefaultMemoryLimit)
    {
        TextStore texts = new(memoryLimit);
        List<string> labels = [];
        int empty = 0, replaced = 0;
        foreach (LabelledText row in files.Rows())
        {
            _places.Add(texts.Count, row.File, row.Row);
            texts.Add(row.Text);
            empty += string.IsNullOrWhiteSpace(row.Text) ? 1 : 0;
            replaced += row.Text.Contains('\uFFFD', StringComparison.Ordinal) ? 1 : 0;
            if (hasLabels)
            {
                labels.Add(row.Label!);
            }
        }
        texts.Complete();
        (Texts, Labels, Files, Sha256) = (texts, hasLabels ? labels : null, files.Files, files.Sha256);
        Notes =
        [
            .. files.Notes,
            .. empty == 0 ? Array.Empty<string>() : [$"{Quantity.Of(empty, "text")} without a letter; kept."],
            .. files.PassedOver == 0 ? Array.Empty<string>()
                : [$"{Quantity.Of(files.PassedOver, "row")} without any value passed over, the first of them row {files.FirstPassedOver.ToString(CultureInfo.InvariantCulture)}."],
            .. replaced == 0 ? Array.Empty<string>() : [$"{Quantity.Of(replaced, "text")} with � for characters that cannot be read."],
        ];
    }

    /// <summary>Number of texts.</summary>
    public int Count => Texts.Count;

    /// <summary>The texts, as they stand in the files; some may be empty.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The label of each, without the blanks around it; null where they were not read.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>The files that were read; empty where there are none.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>What was detected or assumed, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>SHA-256 of all bytes of the files one after the other, lower-case hexadecimal; of the texts and labels where there are no files.</summary>
    public string Sha256 { get; }

    /// <summary>Where a text stands, for messages: <c>reviews.csv, row 18</c>, or <c>text 17</c> for one that was given.</summary>
    /// <param name="text">Its number, 0 the first.</param>
    public string PlaceOf(int text) => _places.Of(text) is (string file, long line) ? $"{file}, row {line}" : $"text {text + 1}";

    /// <summary>Reads a file.</summary>
    /// <inheritdoc cref="LabelledTextFiles.Open(IReadOnlyList{string}, string, string?, CsvOptions?, CancellationToken)"/>
    /// <exception cref="Files.FileWriteException">There are more texts than stay in memory, and the temporary file cannot be written.</exception>
    public static LabelledTexts Read(string path, string textColumn, string? labelColumn = null, CsvOptions? options = null, CancellationToken cancellation = default) =>
        Read([path], textColumn, labelColumn, options, cancellation);

    /// <summary>Reads files of the same columns, one behind the other.</summary>
    /// <inheritdoc cref="LabelledTextFiles.Open(IReadOnlyList{string}, string, string?, CsvOptions?, CancellationToken)"/>
    /// <exception cref="Files.FileWriteException">There are more texts than stay in memory, and the temporary file cannot be written.</exception>
    public static LabelledTexts Read(
        IReadOnlyList<string> paths, string textColumn, string? labelColumn = null, CsvOptions? options = null, CancellationToken cancellation = default) =>
        new(LabelledTextFiles.Open(paths, textColumn, labelColumn, options, cancellation), labelColumn is not null);

    /// <summary>Reads what is left of a stream, which need not be rewindable: it is copied to a temporary file first. The stream stays open.</summary>
    /// <param name="stream">The bytes of a CSV file.</param>
    /// <param name="textColumn">Name of the column of texts, whatever its case.</param>
    /// <param name="labelColumn">Name of the column of labels; null where they are not to be read.</param>
    /// <param name="options">How it is written, where that shall not be found.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataException">It is empty, binary, damaged, or lacks a column.</exception>
    /// <exception cref="Files.FileWriteException">A temporary file cannot be written.</exception>
    public static LabelledTexts Read(
        Stream stream, string textColumn, string? labelColumn = null, CsvOptions? options = null, string name = "standard input", CancellationToken cancellation = default)
    {
        using CsvSource source = CsvSource.FromStream(stream, name, cancellation);
        return new LabelledTexts(LabelledTextFiles.Open([source], textColumn, labelColumn, options, cancellation), labelColumn is not null);
    }

    /// <summary>Reads files, of whose texts so many bytes stay in memory.</summary>
    internal static LabelledTexts Read(IReadOnlyList<string> paths, string textColumn, string? labelColumn, long memoryLimit) =>
        new(LabelledTextFiles.Open(paths, textColumn, labelColumn), labelColumn is not null, memoryLimit);

    private static string HashOf(IReadOnlyList<string> texts, IReadOnlyList<string>? labels)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in texts.Concat(labels ?? []))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(MemoryMarshal.AsBytes([bytes.Length]));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
