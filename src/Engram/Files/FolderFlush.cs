using System.Runtime.InteropServices;

namespace Engram.Files;

/// <summary>Makes a rename last: a folder is data too, and .NET opens no handle on one.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Flushes a folder's entries to disk on Linux, macOS and FreeBSD; Windows needs none. Some file systems cannot do it, and the
    /// files inside are on disk already, so a refusal is not an error.
    /// </summary>
    /// <returns>Whether the entries were flushed.</returns>
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
        bool flushed = Sync(handle) == 0;
        _ = Close(handle);
        return flushed;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
