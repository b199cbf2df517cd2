using System.Text;

namespace Engram.Files;

/// <summary>
/// Writes whole files: a reader, even after a crash or a power cut, finds the old content or the new one, never a part of either.
/// The content goes to a temporary file in the same folder, is flushed to disk and renamed over the old file.
/// </summary>
public static class AtomicFile
{
    private const int BufferSize = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Writes a file, or replaces it. A symbolic link is followed, permissions of a replaced file are kept, and a device such as
    /// <c>/dev/stdout</c> is written to directly.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content to the stream it is given, and leaves that stream open.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileWriteException">
    /// The file cannot be written; what was there before is unchanged. Other exceptions of <paramref name="write"/> pass through, with
    /// the same promise.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            string target = Path.GetFullPath(path);
            if (IsDevice(target))
            {
                WriteDevice(target, write);
                return;
            }
            target = FollowLink(target);
            FileWriteFault.ThrowIfUnwritable(path, target);
            Replace(target, write);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileWriteFault.Explain(path, cause);
        }
    }

    /// <summary>
    /// Writes a text file, or replaces it, as <see cref="Write"/> does: UTF-8 without a byte order mark, lines ending with <c>\n</c>.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the text.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileWriteException">The file cannot be written; what was there before is unchanged.</exception>
    public static void WriteText(string path, Action<TextWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, stream =>
        {
            using StreamWriter writer = new(stream, Utf8, BufferSize, leaveOpen: true) { NewLine = "\n" };
            write(writer);
        });
    }

    private static void Replace(string target, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(target)!;
        string temporary = Path.Combine(folder, $".engram-{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
        _ = FolderFlush.Flush(folder);
    }

    private static void WriteDevice(string target, Action<Stream> write)
    {
        using FileStream stream = new(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferSize);
        write(stream);
        stream.Flush();
    }

    /// <summary>Whether a path names a device, which a rename would destroy rather than fill.</summary>
    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows()
        && path.StartsWith("/dev/", StringComparison.Ordinal)
        && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)
        && File.Exists(path);

    private static string FollowLink(string path)
    {
        FileInfo file = new(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The reason that brought us here says more than this one.
        }
    }
}
