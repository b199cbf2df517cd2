using System.Buffers;
using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// Reads files with a token to a line, in columns with blanks or tabs between, and an empty line between sentences, as those of the CoNLL shared tasks are.
/// A line that begins with <c>-DOCSTART-</c> ends a sentence too, and is left out. A file may be packed with gzip; its encoding is found from its bytes.
/// </summary>
internal static class TokenFile
{
    /// <summary>More tokens than any sentence has: there is no empty line where there should be.</summary>
    public const int LongestSentence = 2000;

    private const string DocumentStart = "-DOCSTART-";

    /// <summary>What stands between words or cells, and seldom within a token.</summary>
    private static readonly SearchValues<char> _separators = SearchValues.Create(" ,;|，；。");

    /// <summary>All sentences of files, one behind the other.</summary>
    /// <exception cref="DataException">A file cannot be read, holds no token, or has a line with too few columns.</exception>
    public static TokenFiles Read(IReadOnlyList<string> files, TokenColumns columns, CancellationToken cancellation) =>
        Read([.. files.Select(CsvSource.FromFile)], columns, cancellation);

    /// <summary>The sentences of what is left of a stream, which is copied to a temporary file first.</summary>
    /// <inheritdoc cref="Read(IReadOnlyList{string}, TokenColumns, CancellationToken)"/>
    public static TokenFiles Read(Stream stream, TokenColumns columns, CancellationToken cancellation)
    {
        using CsvSource source = CsvSource.FromStream(stream, "standard input", cancellation);
        return Read([source], columns, cancellation);
    }

    private static TokenFiles Read(IReadOnlyList<CsvSource> sources, TokenColumns columns, CancellationToken cancellation)
    {
        List<TaggedSentence> sentences = [];
        (string sha256, IReadOnlyList<string> notes) = TextFiles.Read(
            sources,
            encoding: null,
            (file, reader) =>
            {
                int before = sentences.Count;
                sentences.AddRange(Sentences(reader, file, columns, cancellation));
                if (sentences.Count == before)
                {
                    throw new DataException($"{file} holds no token. Give a file with a token to a line and an empty line between sentences.", file);
                }
            },
            cancellation);
        return new TokenFiles(sentences, sha256, [.. notes, .. NotesOnForm(sentences)]);
    }

    /// <summary>What tells that the files are no token files, but tables or running text.</summary>
    private static IEnumerable<string> NotesOnForm(List<TaggedSentence> sentences)
    {
        const int longest = 200;
        const string expected = "A token to a line is expected, and an empty line between sentences.";
        long tokens = sentences.Sum(sentence => (long)sentence.Tokens.Count);
        IEnumerable<string> several = sentences.SelectMany(sentence => sentence.Tokens).Where(token => token.Length > 1 && token.AsSpan().ContainsAny(_separators));
        if (several.LongCount() > tokens / 2.0)
        {
            yield return $"Most tokens look like several, such as «{several.First()}». {expected}";
        }
        if (sentences.Count == 1 && tokens > longest)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"No empty line stands among the {tokens:N0} tokens, so that they count as one sentence. {expected}");
        }
    }

    private static IEnumerable<TaggedSentence> Sentences(StreamReader reader, string file, TokenColumns columns, CancellationToken cancellation)
    {
        List<string[]> rows = [];
        long number = 0, first = 1;
        int width = 0;
        while (true)
        {
            string? line = reader.ReadLine();
            number++;
            cancellation.ThrowIfCancellationRequested();
            if (line is not null && !IsEnd(line))
            {
                first = rows.Count == 0 ? number : first;
                rows.Add(Cells(line));
                width = width == 0 ? rows[^1].Length : width;
                Require(rows, width, file, number, columns);
                continue;
            }
            if (rows.Count > 0)
            {
                yield return Sentence(rows, columns, first);
                rows = [];
            }
            if (line is null)
            {
                yield break;
            }
        }
    }

    /// <summary>Whether a sentence ends here at the latest.</summary>
    private static bool IsEnd(string line) => string.IsNullOrWhiteSpace(line) || line.StartsWith(DocumentStart, StringComparison.Ordinal);

    /// <summary>Cells have tabs between where there are any, else blanks.</summary>
    private static string[] Cells(string line) => line.Contains('\t', StringComparison.Ordinal)
        ? line.Split('\t', StringSplitOptions.TrimEntries) : line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static void Require(List<string[]> rows, int width, string file, long line, TokenColumns columns)
    {
        string[] row = rows[^1];
        if (rows.Count > LongestSentence)
        {
            throw new DataException($"{file}, line {line}: the sentence has more than {LongestSentence} tokens. Put an empty line between sentences.", file, line);
        }
        if (row.Length != width)
        {
            throw new DataException(
                $"{file}, line {line}: «{string.Join(' ', row)}» has {Quantity.Of(row.Length, "column")}, and the lines before have {width}. Give every line the same columns.", file, line);
        }
        if (columns.Label is { } label && TokenColumns.Place(label, row.Length) == TokenColumns.Place(columns.Token, row.Length))
        {
            throw new DataException(
                $"{file}, line {line}: «{string.Join(' ', row)}» has its token and its tag in one column. Put the tag behind the token, or name other columns (--column {columns.Token}, --label {label}).", file, line);
        }
        foreach ((string option, int column) in columns.All)
        {
            int place = TokenColumns.Place(column, row.Length);
            if (place < 0 || place >= row.Length)
            {
                throw new DataException(
                    $"{file}, line {line}: «{string.Join(' ', row)}» has {Quantity.Of(row.Length, "column")}, so there is no column {column}, which {option} names. Columns are 0, 1 … from the left, −1, −2 … from the right.", file, line);
            }
            if (row[place].Length == 0)
            {
                throw new DataException($"{file}, line {line}: column {column}, which {option} names, is empty. Fill it in, or remove the line.", file, line);
            }
        }
    }

    private static TaggedSentence Sentence(List<string[]> rows, TokenColumns columns, long line) => new(
        Column(rows, columns.Token), columns.Label is { } label ? Column(rows, label) : null)
    {
        Features = [.. columns.Features.Select(column => Column(rows, column))], Line = line,
    };

    private static string[] Column(List<string[]> rows, int column) => [.. rows.Select(row => row[TokenColumns.Place(column, row.Length)])];
}

/// <summary>What token files hold.</summary>
/// <param name="Sentences">The sentences, in their order.</param>
/// <param name="Sha256">SHA-256 of the files' bytes one after the other.</param>
/// <param name="Notes">What was detected, a sentence each.</param>
internal sealed record TokenFiles(IReadOnlyList<TaggedSentence> Sentences, string Sha256, IReadOnlyList<string> Notes);

/// <summary>Which columns are read: 0, 1 … from the left, −1, −2 … from the right.</summary>
/// <param name="Token">The column of the token.</param>
/// <param name="Label">That of its tag; null where it is not read.</param>
/// <param name="Features">Further ones.</param>
internal sealed record TokenColumns(int Token, int? Label, IReadOnlyList<int> Features)
{
    public IEnumerable<(string Option, int Column)> All =>
        [("--column", Token), .. Label is { } label ? [("--label", label)] : Array.Empty<(string, int)>(), .. Features.Select(column => ("--features", column))];

    public static int Place(int column, int count) => column < 0 ? count + column : column;
}
