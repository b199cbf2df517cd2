using System.Runtime.InteropServices;

namespace Engram.Files;

/// <summary>Makes a rename last: a folder is data too, and .NET opens no handle on one.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int InputOutputError = 5;

    /// <summary>
    /// Flushes a folder's entries to disk on Linux, macOS and FreeBSD; Windows needs none. Some file systems cannot do it, and the
    /// files inside are on disk already, so a refusal is not an error. That the disk failed is one.
    /// </summary>
    /// <returns>Whether the entries were flushed.</returns>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public static bool Flush(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS() && !OperatingSystem.IsFreeBSD())
        {
            return false;
        }
        int handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            return false;
        }
        int fault = Sync(handle) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(handle);
        ThrowIfDiskFailed(fault);
        return fault == 0;
    }

    /// <summary>Tells a disk that failed from a file system that knows no such thing.</summary>
    internal static void ThrowIfDiskFailed(int fault)
    {
        if (fault == InputOutputError || FileWriteFault.IsDiskFull(fault))
        {
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(fault)}, after the new file was whole", fault);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
