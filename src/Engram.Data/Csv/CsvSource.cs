using System.Security.Cryptography;
using System.Text;
using Engram.Files;

namespace Engram.Data;

/// <summary>
/// Bytes that can be read from the start more than once: a file, or a copy of a stream in a temporary file, so that what cannot be
/// rewound takes no more memory than a file does. Of a gzip archive, whatever its name, the bytes are those that it holds.
/// </summary>
internal sealed class CsvSource : IDisposable
{
    private readonly Stream? _copy;

    private CsvSource(string name, Stream? copy)
    {
        Name = name;
        _copy = copy;
    }

    /// <summary>The file as the caller named it, or what to call the stream in messages.</summary>
    public string Name { get; }

    /// <summary>A file.</summary>
    /// <exception cref="DataException">It is missing, is a folder, or may not be read.</exception>
    public static CsvSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path))
        {
            throw new DataException($"{path} is a folder. Name the file in it.", path);
        }
        if (path == "-")
        {
            throw new DataException("- stands for standard input, which cannot be read here: what trains goes through its files more than once. Name a file.", path);
        }
        if (!File.Exists(path))
        {
            throw new DataException($"{path}: there is no such file{Nearest(path)}", path);
        }
        return new CsvSource(path, null);
    }

    /// <summary>What is left of a stream.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, at once even where the stream has nothing to read yet.</exception>
    /// <exception cref="FileWriteException">The copy cannot be written.</exception>
    public static CsvSource FromStream(Stream stream, string name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return FromCopy(name, copy =>
        {
            // A read that waits for a terminal or a pipe cannot be ended, only left alone.
            Task copying = Task.Run(() => stream.CopyTo(copy), CancellationToken.None);
            copying.WaitAsync(cancellation).GetAwaiter().GetResult();
        });
    }

    /// <summary>Bytes that are in memory.</summary>
    public static CsvSource FromBytes(byte[] bytes, string name) => new(name, new MemoryStream(bytes));

    /// <summary>What is left of a text.</summary>
    public static CsvSource FromReader(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return FromCopy(name, copy =>
        {
            using StreamWriter writer = new(copy, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            char[] buffer = new char[1 << 14];
            for (int count; (count = reader.Read(buffer)) > 0;)
            {
                writer.Write(buffer, 0, count);
            }
        });
    }

    /// <summary>The bytes from the start. One such stream at a time.</summary>
    /// <param name="hash">Receives the bytes of the file as they are read, packed ones as they stand in it.</param>
    public Stream Open(IncrementalHash? hash = null)
    {
        Stream file = OpenFile();
        Span<byte> head = stackalloc byte[2];
        bool isPacked = GzipInput.IsArchive(head[..file.ReadAtLeast(head, 2, throwOnEndOfStream: false)]);
        file.Position = 0;
        Stream bytes = hash is null ? file : new HashedStream(file, hash);
        return isPacked ? new GzipInput(bytes, Name) : bytes;
    }

    private Stream OpenFile()
    {
        if (_copy is not null)
        {
            _copy.Position = 0;
            return new KeptOpenStream(_copy);
        }
        try
        {
            return new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DataException($"{Name}: no permission to read it. Ask for the right to, or name another file.", Name, innerException: exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _copy?.Dispose();

    private static CsvSource FromCopy(string name, Action<Stream> write)
    {
        TemporaryFile copy = new($"copy {name} to", 1 << 16);
        try
        {
            write(copy.Stream);
            return new CsvSource(name, copy.Stream);
        }
        catch (Exception exception)
        {
            copy.Dispose();
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw copy.Fault(exception);
            }
            throw;
        }
    }

    private static string Nearest(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        if (!Directory.Exists(folder))
        {
            return $", nor the folder {folder}. Check the name.";
        }
        string? nearest = NameSuggestion.Nearest(Path.GetFileName(path), Directory.EnumerateFiles(folder).Take(1000).Select(Path.GetFileName).OfType<string>());
        return nearest is null ? ". Check the name." : $"; did you mean '{nearest}'?";
    }

    /// <summary>Leaves the stream beneath open when it is closed.</summary>
    private sealed class KeptOpenStream(Stream inner) : ForwardedStream(inner)
    {
    }

    /// <summary>Adds what is read to a hash.</summary>
    private sealed class HashedStream(Stream inner, IncrementalHash hash) : ForwardedStream(inner)
    {
        private readonly Stream _inner = inner;

        public override int Read(Span<byte> buffer)
        {
            int read = base.Read(buffer);
            hash.AppendData(buffer[..read]);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _inner.Dispose();
            }
            base.Dispose(disposing);
        }
    }

    /// <summary>Reads from the stream beneath.</summary>
    private abstract class ForwardedStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
