namespace Engram.Tasks;

/// <summary>
/// Keeps a run's folder for one process: a file that the operating system holds locked as long as it is open here. When the process dies,
/// however it does, the lock is gone; the empty file stays, and means nothing.
/// </summary>
internal sealed class RunLock : IDisposable
{
    public const string Name = ".engram-lock";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <returns>The lock; null where another run holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">No file can be made in the folder.</exception>
    /// <exception cref="IOException">The disk fails.</exception>
    public static RunLock? TryTake(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (IOException cause) when (IsHeldByAnother(cause.HResult))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>EWOULDBLOCK of Linux, of macOS and FreeBSD; ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsHeldByAnother(int code) =>
        code == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35);
}
