using System.IO.Compression;

namespace Engram.Data;

/// <summary>
/// What a gzip archive holds, also one of several parts. The system's stream takes an archive that was cut off for a whole one; so a
/// last part of our own is put behind the archive, and only where it comes out at the end was all before it whole.
/// </summary>
internal sealed class GzipInput : Stream
{
    private static readonly byte[] _marker = [.. Enumerable.Range(1, 16).Select(i => (byte)(i * 37))];
    private static readonly byte[] _lastPart = Compress(_marker);

    private readonly string _name;
    private readonly GZipStream _unpacked;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start, _end;
    private bool _isAtEnd;

    /// <param name="packed">The archive, from where it stands.</param>
    /// <param name="name">What it is called in messages.</param>
    public GzipInput(Stream packed, string name)
    {
        _name = name;
        _unpacked = new GZipStream(new WithLastPart(packed), CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Whether bytes are the beginning of an archive.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, ..];

    /// <exception cref="DataException">The archive is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_isAtEnd && !buffer.IsEmpty)
        {
            int ready = Math.Min(_end - _start - _marker.Length, buffer.Length);
            if (ready > 0)
            {
                _buffer.AsSpan(_start, ready).CopyTo(buffer);
                _start += ready;
                return ready;
            }
            Fill();
        }
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Reads on; what may be the marker is held back.</summary>
    private void Fill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        try
        {
            int read = _unpacked.Read(_buffer.AsSpan(_end));
            _end += read;
            _isAtEnd = read == 0;
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(exception);
        }
        if (_isAtEnd && !_buffer.AsSpan(0, _end).SequenceEqual(_marker))
        {
            throw Damaged(null);
        }
    }

    private DataException Damaged(Exception? cause) =>
        new($"{_name} is a gzip archive that is damaged or cut off. Copy or download it again.", _name, innerException: cause);

    private static byte[] Compress(byte[] bytes)
    {
        MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }
        return packed.ToArray();
    }

    /// <summary>A stream and our part behind it.</summary>
    private sealed class WithLastPart(Stream packed) : Stream
    {
        private int _given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int read = packed.Read(buffer);
            if (read == 0)
            {
                read = Math.Min(buffer.Length, _lastPart.Length - _given);
                _lastPart.AsSpan(_given, read).CopyTo(buffer);
                _given += read;
            }
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                packed.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
