using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// Reads files with a token to a line, in columns with blanks or tabs between, and an empty line between sentences, as those of the CoNLL shared tasks are.
/// Lines that begin with <c>-DOCSTART-</c> are left out. A file may be packed with gzip.
/// </summary>
internal static class TokenFile
{
    /// <summary>More tokens than any sentence has: there is no empty line where there should be.</summary>
    public const int LongestSentence = 2000;

    private const string DocumentStart = "-DOCSTART-";

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All sentences of files, and the SHA-256 of the files' bytes one after the other.</summary>
    /// <exception cref="DataException">A file cannot be read, or a line has too few columns.</exception>
    public static TokenFiles Read(IReadOnlyList<string> files, TokenColumns columns, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<TaggedSentence> sentences = [];
        foreach (string file in files)
        {
            byte[] bytes = Bytes(file);
            hash.AppendData(bytes);
            int before = sentences.Count;
            sentences.AddRange(Read(file, bytes, columns, cancellation));
            if (sentences.Count == before)
            {
                throw new DataException($"{file} holds no token. Give a file with a token to a line and an empty line between sentences.", file);
            }
        }
        return new TokenFiles(sentences, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The sentences of a text that was read already.</summary>
    public static IEnumerable<TaggedSentence> Read(string file, byte[] bytes, TokenColumns columns, CancellationToken cancellation)
    {
        using var reader = new StreamReader(Unpacked(bytes), _strict);
        List<string[]> rows = [];
        long number = 0, first = 1;
        while (true)
        {
            string? line = NextLine(reader, file, number);
            number++;
            cancellation.ThrowIfCancellationRequested();
            if (line is not null && !string.IsNullOrWhiteSpace(line))
            {
                if (!line.StartsWith(DocumentStart, StringComparison.Ordinal))
                {
                    first = rows.Count == 0 ? number : first;
                    rows.Add(Cells(line));
                    Require(rows, file, number, columns);
                }
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

    private static byte[] Bytes(string file)
    {
        if (Directory.Exists(file))
        {
            throw new DataException($"{file} is a folder. Name the file in it.", file);
        }
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"{file}: there is no such file. Check the name." : $"{file} cannot be read: {e.Message.TrimEnd('.')}.", file, innerException: e);
        }
    }

    private static Stream Unpacked(byte[] bytes) => bytes is [0x1F, 0x8B, ..] ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : new MemoryStream(bytes);

    private static string? NextLine(StreamReader reader, string file, long number)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException($"{file}, after line {number}: the bytes are no UTF-8. Convert the file to UTF-8.", file, number + 1, innerException: e);
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{file}, after line {number}: the gzip data are damaged: {e.Message.TrimEnd('.')}. Take an intact copy.", file, number + 1, innerException: e);
        }
    }

    /// <summary>Cells have tabs between where there are any, else blanks.</summary>
    private static string[] Cells(string line) => line.Contains('\t', StringComparison.Ordinal)
        ? line.Split('\t', StringSplitOptions.TrimEntries) : line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static void Require(List<string[]> rows, string file, long line, TokenColumns columns)
    {
        string[] row = rows[^1];
        if (rows.Count > LongestSentence)
        {
            throw new DataException($"{file}, line {line}: the sentence has more than {LongestSentence} tokens. Put an empty line between sentences.", file, line);
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
internal sealed record TokenFiles(IReadOnlyList<TaggedSentence> Sentences, string Sha256);

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
