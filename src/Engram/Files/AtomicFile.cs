using System.Text;

namespace Engram.Files;

/// <summary>
/// Writes whole files: a reader, even after a crash or a power cut, finds the old content or the new one, never a part of either.
/// The content goes to a temporary file in the same folder, is flushed to disk and renamed over the old file.
/// </summary>
public static class AtomicFile
{
    private const int BufferSize = 64 * 1024;
    private const string TemporaryPrefix = ".engram-";
    private const string TemporarySuffix = ".tmp";

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

    /// <summary>Refuses a file that can be seen to fail, before there is anything to write.</summary>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    internal static void RequireWritable(string path)
    {
        string target = Path.GetFullPath(path);
        if (!IsDevice(target))
        {
            FileWriteFault.ThrowIfUnwritable(path, FollowLink(target));
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

    /// <summary>
    /// Removes the temporary files that writing left in a folder when its process was killed. Those of a process that is still writing stay.
    /// </summary>
    /// <param name="folder">The folder; nothing happens where it does not exist.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static int RemoveLeftovers(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        int removed = 0;
        foreach (string temporary in Directory.Exists(folder) ? Directory.GetFiles(folder, TemporaryPrefix + "*" + TemporarySuffix) : [])
        {
            try
            {
                // Whoever writes to it holds it; nobody holds what a dead process left.
                new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
                removed++;
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                // Somebody is writing, or it is not ours to remove.
            }
        }
        return removed;
    }

    private static void Replace(string target, Action<Stream> write)
    {
        IDisk disk = Disk.Current;
        string folder = Path.GetDirectoryName(target)!;
        string temporary = Path.Combine(folder, $"{TemporaryPrefix}{Guid.NewGuid():N}{TemporarySuffix}");
        try
        {
            using Stream stream = disk.Create(temporary);
            write(stream);
            disk.Flush(stream);
            disk.Rename(temporary, target);
        }
        catch
        {
            Remove(disk, temporary);
            throw;
        }
        disk.FlushFolder(folder);
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

    private static void Remove(IDisk disk, string temporary)
    {
        try
        {
            disk.Delete(temporary);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The reason that brought us here says more than this one.
        }
    }
}
