using System.Security.Cryptography;
using System.Text;

namespace Engram.Data;

/// <summary>
/// A running text, as a language model learns from: plain text files, one behind the other, packed with gzip or not. Every line ends with <c>\n</c>, however
/// it ended in the file, but for the last where the file does not end with one. 1 GiB of lines stays in memory; what is more lies in a temporary file, from which
/// each comes when it is asked for. Reading is safe from many threads at once.
/// </summary>
public sealed class TextCorpus
{
    private TextCorpus(IReadOnlyList<string> lines, IReadOnlyList<string> files, string sha256, IReadOnlyList<string> notes) =>
        (Lines, Files, Sha256, Notes) = (lines, files, sha256, notes);

    /// <summary>The lines, each with the end of line that it had.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Number of characters (Unicode scalar values), ends of lines included.</summary>
    public long CharacterCount => Lines.Sum(line => (long)Characters(line));

    /// <summary>The files that were read; empty for a text from memory.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>SHA-256 of all bytes of the files one after the other, lower-case hexadecimal; of the text in UTF-8 where there are no files.</summary>
    public string Sha256 { get; }

    /// <summary>What was detected or assumed, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>A text from memory.</summary>
    public static TextCorpus Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TextCorpus(TextStore.Of(LinesOf(new StringReader(text))), [], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), []);
    }

    /// <summary>The texts of a table, each a line: ends of lines within become blanks.</summary>
    /// <exception cref="Files.FileWriteException">There are more than stay in memory, and the temporary file cannot be written.</exception>
    public static TextCorpus Of(LabelledTexts texts) => Of(texts, TextStore.DefaultMemoryLimit);

    /// <inheritdoc cref="Of(LabelledTexts)"/>
    internal static TextCorpus Of(LabelledTexts texts, long memoryLimit)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new TextCorpus(TextStore.Of(texts.Texts.Select(text => text.ReplaceLineEndings(" ") + "\n"), memoryLimit), texts.Files, texts.Sha256, texts.Notes);
    }

    /// <summary>Lines that end as they shall, from memory.</summary>
    internal static TextCorpus Of(IReadOnlyList<string> lines) => new(lines, [], "", []);

    /// <summary>Reads files.</summary>
    /// <param name="paths">The files, one at least.</param>
    /// <param name="encoding">Their character encoding; found from the bytes where null.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">There is no file.</exception>
    /// <exception cref="DataException">A file is missing, empty, or no text.</exception>
    /// <exception cref="Files.FileWriteException">There are more lines than stay in memory, and the temporary file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TextCorpus Read(IReadOnlyList<string> paths, string? encoding = null, CancellationToken cancellation = default) =>
        Read(paths, TextStore.DefaultMemoryLimit, encoding, cancellation);

    /// <summary>Reads files, of whose lines so many bytes stay in memory.</summary>
    internal static TextCorpus Read(IReadOnlyList<string> paths, long memoryLimit, string? encoding = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Count == 0 ? throw new ArgumentException("Name one file at least.", nameof(paths))
            : Read([.. paths.Select(CsvSource.FromFile)], paths, memoryLimit, encoding, cancellation);
    }

    /// <summary>Reads what is left of a stream, which need not be rewindable: it is copied to a temporary file first. The stream stays open.</summary>
    /// <param name="stream">The bytes of a text, packed with gzip or not.</param>
    /// <param name="encoding">Their character encoding; found from the bytes where null.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataException">It is empty, or no text.</exception>
    /// <exception cref="Files.FileWriteException">The copy cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TextCorpus Read(Stream stream, string? encoding = null, string name = "standard input", CancellationToken cancellation = default)
    {
        using CsvSource source = CsvSource.FromStream(stream, name, cancellation);
        return Read([source], [], TextStore.DefaultMemoryLimit, encoding, cancellation);
    }

    /// <summary>Cuts the text in two: its first characters, and the rest; a line may be cut within.</summary>
    /// <param name="characters">How many characters the first part has, at most all.</param>
    public (IReadOnlyList<string> First, IReadOnlyList<string> Second) Cut(long characters)
    {
        int line = 0;
        for (; line < Lines.Count && characters > 0; line++)
        {
            string text = Lines[line];
            int length = Characters(text);
            if (length > characters)
            {
                int place = Place(text, (int)characters);
                (string head, string tail, int cut) = (text[..place], text[place..], line);
                return (new TextView(cut + 1, i => i == cut ? head : Lines[i]), new TextView(Lines.Count - cut, i => i == 0 ? tail : Lines[cut + i]));
            }
            characters -= length;
        }
        int end = line;
        return (new TextView(end, i => Lines[i]), new TextView(Lines.Count - end, i => Lines[end + i]));
    }

    /// <summary>Unicode scalar values of a text.</summary>
    public static int Characters(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int count = text.Length;
        foreach (char unit in text)
        {
            count -= char.IsLowSurrogate(unit) ? 1 : 0;
        }
        return count;
    }

    /// <summary>Where so many scalar values of a text end.</summary>
    private static int Place(string text, int characters)
    {
        int place = 0;
        for (; characters > 0; characters--)
        {
            place += char.IsHighSurrogate(text[place]) && place + 1 < text.Length ? 2 : 1;
        }
        return place;
    }

    private static TextCorpus Read(
        IReadOnlyList<CsvSource> sources, IReadOnlyList<string> files, long memoryLimit, string? encoding, CancellationToken cancellation)
    {
        TextStore lines = new(memoryLimit);
        bool isBlank = true;
        (string sha256, IReadOnlyList<string> notes) = TextFiles.Read(
            sources,
            encoding,
            (_, reader) =>
            {
                foreach (string line in LinesOf(reader))
                {
                    cancellation.ThrowIfCancellationRequested();
                    lines.Add(line);
                    isBlank = isBlank && string.IsNullOrWhiteSpace(line);
                }
            },
            cancellation);
        lines.Complete();
        if (isBlank)
        {
            throw new DataException($"{string.Join(", ", sources.Select(source => source.Name))}: there is not one letter. Name a file with text.", sources[0].Name);
        }
        return new TextCorpus(lines, [.. files], sha256, notes);
    }

    private static IEnumerable<string> LinesOf(TextReader reader)
    {
        char[] buffer = new char[1 << 16];
        StringBuilder line = new();
        bool afterReturn = false;
        for (int count; (count = reader.Read(buffer, 0, buffer.Length)) > 0;)
        {
            for (int i = 0; i < count; i++)
            {
                char unit = buffer[i];
                if (unit is '\n' or '\r')
                {
                    if (unit == '\r' || !afterReturn)
                    {
                        yield return line.Append('\n').ToString();
                        line.Clear();
                    }
                    afterReturn = unit == '\r';
                    continue;
                }
                afterReturn = false;
                line.Append(unit);
            }
        }
        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }
}
