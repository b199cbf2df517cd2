using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Engram.Data;

/// <summary>How the bytes of a file are letters.</summary>
/// <param name="Encoding">The encoding; null for UTF-8, which is read as it is.</param>
/// <param name="MarkLength">Bytes of the byte order mark at the start.</param>
/// <param name="Note">What was found, if it is worth a word.</param>
internal sealed record TextEncoding(Encoding? Encoding, int MarkLength, string? Note)
{
    private const int BlockSize = 1 << 16;

    /// <summary>Opens the file behind its byte order mark as UTF-8.</summary>
    public Stream Open(CsvSource source)
    {
        Stream stream = source.Open();
        stream.ReadExactly(stackalloc byte[MarkLength]);
        return Encoding is null ? stream : Encoding.CreateTranscodingStream(stream, Encoding, Encoding.UTF8);
    }

    /// <summary>Opens the file behind its byte order mark as text.</summary>
    public StreamReader OpenText(CsvSource source) => new(Open(source), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    /// <summary>Reads a whole file: adds its bytes to a hash, and finds its encoding.</summary>
    /// <exception cref="DataException">It is empty, is no text, or is not in the encoding that was named.</exception>
    public static TextEncoding Detect(CsvSource source, string? named, IncrementalHash hash, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockSize + 4);
        try
        {
            return Detect(source, named, hash, buffer, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TextEncoding Detect(CsvSource source, string? named, IncrementalHash hash, byte[] buffer, CancellationToken cancellation)
    {
        using Stream stream = source.Open(hash);
        int filled = stream.ReadAtLeast(buffer.AsSpan(0, BlockSize), BlockSize, throwOnEndOfStream: false);
        if (filled == 0)
        {
            throw new DataException($"{source.Name} is empty: it has no bytes. {CsvRecords.FillIt}", source.Name);
        }
        ReadOnlySpan<byte> head = buffer.AsSpan(0, filled);
        TextEncoding? chosen = named is null ? FromMark(head) ?? FromZeros(head) : FromName(named, head);
        RejectArchives(source, head);
        bool mayHoldZeros = chosen?.Encoding is { IsSingleByte: false } wide && wide.GetByteCount("a") > 1;
        Utf8Evidence utf8 = new();
        int carried = 0;
        while (filled > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> block = buffer.AsSpan(carried, filled);
            if (!mayHoldZeros && block.Contains((byte)0))
            {
                throw new DataException($"{source.Name} is no text file: it holds zero bytes, which no text has. Export the data as text, such as CSV.", source.Name);
            }
            Span<byte> known = buffer.AsSpan(0, carried + filled);
            int whole = known.Length - IncompleteTail(known);
            utf8.Add(known[..whole]);
            carried = known.Length - whole;
            known[whole..].CopyTo(buffer);
            filled = stream.Read(buffer.AsSpan(carried, BlockSize));
        }
        utf8.Add(buffer.AsSpan(0, carried));
        if (chosen is null)
        {
            return utf8.IsSound ? new TextEncoding(null, 0, null) : utf8.IsLikely ? new TextEncoding(null, 0, utf8.Note) : LegacyEncoding.Guess(source);
        }
        if (chosen.Encoding is null && !utf8.IsSound)
        {
            throw new DataException($"{source.Name} is not valid UTF-8. Name its encoding (--encoding, CsvOptions.Encoding), or leave it out to have it found.", source.Name);
        }
        return chosen;
    }

    private static TextEncoding? FromMark(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new TextEncoding(null, 3, null),
        [0xFF, 0xFE, 0, 0, ..] => new TextEncoding(Encoding.UTF32, 4, "The file is UTF-32."),
        [0xFF, 0xFE, ..] => new TextEncoding(Encoding.Unicode, 2, "The file is UTF-16."),
        [0xFE, 0xFF, ..] => new TextEncoding(Encoding.BigEndianUnicode, 2, "The file is UTF-16, big-endian."),
        _ => null,
    };

    /// <summary>UTF-16 without a mark shows by zeros in every second byte: digits, commas and line ends have them.</summary>
    private static TextEncoding? FromZeros(ReadOnlySpan<byte> head)
    {
        int even = 0, odd = 0;
        for (int i = 0; i + 1 < head.Length; i += 2)
        {
            even += head[i] == 0 ? 1 : 0;
            odd += head[i + 1] == 0 ? 1 : 0;
        }
        int pairs = head.Length / 2;
        return (even, odd) switch
        {
            _ when odd > pairs / 4 && even == 0 => new TextEncoding(Encoding.Unicode, 0, "The file is UTF-16."),
            _ when even > pairs / 4 && odd == 0 => new TextEncoding(Encoding.BigEndianUnicode, 0, "The file is UTF-16, big-endian."),
            _ => null,
        };
    }

    private static TextEncoding FromName(string name, ReadOnlySpan<byte> head)
    {
        Encoding encoding = LegacyEncoding.Get(name);
        int mark = head.StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0;
        return new TextEncoding(encoding is UTF8Encoding ? null : encoding, mark, null);
    }

    private static void RejectArchives(CsvSource source, ReadOnlySpan<byte> head)
    {
        string? remedy = head switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => "is a zip archive or an Excel workbook. Unpack it, or export the sheet as CSV",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "is a PDF document. Export the data as CSV",
            _ => null,
        };
        if (remedy is not null)
        {
            throw new DataException($"{source.Name} {remedy}.", source.Name);
        }
    }

    /// <summary>Bytes at the end that begin a character of which the rest is still to come.</summary>
    private static int IncompleteTail(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte b = bytes[^back];
            if (b < 0x80)
            {
                return 0;
            }
            if (b >= 0xC0)
            {
                int length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return length > back ? back : 0;
            }
        }
        return 0;
    }
}
