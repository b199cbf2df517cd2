namespace Engram.Files;

/// <summary>What writing a file whole asks of the operating system. Tests put one in its place that fails.</summary>
internal interface IDisk
{
    /// <summary>Makes a file that is not there yet, open until it has its name.</summary>
    Stream Create(string path);

    /// <summary>Brings a file's content to the disk.</summary>
    void Flush(Stream stream);

    /// <summary>Gives a file a name, in place of the file that had it.</summary>
    void Rename(string from, string to);

    /// <summary>Brings a folder's names to the disk.</summary>
    void FlushFolder(string folder);

    /// <summary>Removes a file.</summary>
    void Delete(string path);
}

/// <summary>The operating system's own.</summary>
internal sealed class Disk : IDisk
{
    private const int BufferSize = 64 * 1024;

    private static readonly AsyncLocal<IDisk?> _instead = new();

    private static readonly Disk _real = new();

    private Disk()
    {
    }

    /// <summary>The one to use: that of this thread's tests, or the real one.</summary>
    public static IDisk Current => _instead.Value ?? _real;

    /// <summary>Puts another in place for what this thread, and those that it starts, do from now on; null takes it away.</summary>
    public static void Replace(IDisk? disk) => _instead.Value = disk;

    // Who looks for files that were left behind sees by the lock that this one was not. It may be renamed meanwhile.
    public Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, BufferSize);

    public void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    public void Rename(string from, string to)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(to))
        {
            File.SetUnixFileMode(from, File.GetUnixFileMode(to));
        }
        File.Move(from, to, overwrite: true);
    }

    public void FlushFolder(string folder) => _ = Files.FolderFlush.Flush(folder);

    public void Delete(string path) => File.Delete(path);
}
