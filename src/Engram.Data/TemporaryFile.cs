using Engram.Files;

namespace Engram.Data;

/// <summary>
/// A file in the folder of temporary files. It is gone when it is closed, by its owner or the garbage collector, and when the process ends in whatever way.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _use;

    /// <param name="use">What it is for, as a message goes on behind «Cannot»: <c>put texts into</c>.</param>
    /// <param name="bufferSize">Bytes that <see cref="Stream"/> gathers before it writes them; 1 for none.</param>
    /// <exception cref="FileWriteException">The file cannot be made.</exception>
    public TemporaryFile(string use, int bufferSize = 1)
    {
        _use = use;
        try
        {
            string path = Path.GetTempFileName();
            Stream = new FileStream(
                path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path); // The file stays as long as it is open, and no killed process leaves it behind.
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fault(exception);
        }
    }

    /// <summary>The file.</summary>
    public FileStream Stream { get; }

    /// <summary>Writes bytes behind those that are there.</summary>
    /// <exception cref="FileWriteException">They cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Stream.Write(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fault(exception);
        }
    }

    /// <summary>Fills a span with the bytes from a place on; from many threads at once.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void Read(Span<byte> bytes, long first)
    {
        while (!bytes.IsEmpty)
        {
            int count = RandomAccess.Read(Stream.SafeFileHandle, bytes, first);
            if (count == 0)
            {
                throw new EndOfStreamException("A temporary file has become shorter.");
            }
            bytes = bytes[count..];
            first += count;
        }
    }

    /// <summary>What to say where the folder has no room, or may not be written to.</summary>
    public FileWriteException Fault(Exception cause) => new(
        $"Cannot {_use} the folder of temporary files, {Path.GetTempPath()}: {cause.Message.TrimEnd('.')}. "
            + "Free some space there, or name another folder in the environment (TMPDIR; TMP on Windows).",
        cause);

    public void Dispose() => Stream.Dispose();
}
