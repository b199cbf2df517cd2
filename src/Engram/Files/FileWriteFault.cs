namespace Engram.Files;

/// <summary>Why a file cannot be written, in words, and what to do about it.</summary>
internal static class FileWriteFault
{
    /// <summary>Refuses targets that can be seen to fail before anything is written.</summary>
    /// <param name="path">The file as the caller named it.</param>
    /// <param name="target">The same file: its full path, links followed.</param>
    public static void ThrowIfUnwritable(string path, string target)
    {
        if (Directory.Exists(target) || Path.EndsInDirectorySeparator(target))
        {
            throw FileWriteException.For(path, "it is a folder", "Give the name of a file.");
        }
        string folder = Path.GetDirectoryName(target)!;
        if (File.Exists(folder))
        {
            throw FileWriteException.For(path, $"'{folder}' is a file, not a folder", "Choose another place.");
        }
        if (!Directory.Exists(folder))
        {
            throw FileWriteException.For(path, $"the folder '{folder}' does not exist", "Create it first, or choose another place.");
        }
        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly))
        {
            throw FileWriteException.For(path, "the file is write-protected", "Remove the protection, or choose another name.");
        }
    }

    /// <summary>The error that tells what the operating system refused.</summary>
    public static FileWriteException Explain(string path, Exception cause) => cause switch
    {
        UnauthorizedAccessException =>
            FileWriteException.For(path, "no permission", "Choose another place, or ask for the right to write there.", cause),
        PathTooLongException => FileWriteException.For(path, "its name is too long", "Choose a shorter one.", cause),
        IOException when IsDiskFull(cause.HResult) =>
            FileWriteException.For(path, "the disk is full", "Free some space, or choose a place on another disk.", cause),
        IOException when IsReadOnlyDisk(cause.HResult) =>
            FileWriteException.For(path, "the disk is read-only", "Choose a place on another disk.", cause),
        _ => FileWriteException.For(path, cause.Message.TrimEnd('.'), "Check the disk, or choose another place.", cause),
    };

    /// <summary>ENOSPC, and EDQUOT on Linux and macOS; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL on Windows.</summary>
    public static bool IsDiskFull(int code) => OperatingSystem.IsWindows()
        ? code is unchecked((int)0x80070070) or unchecked((int)0x80070027)
        : code == 28 || code == (OperatingSystem.IsLinux() ? 122 : 69);

    /// <summary>EROFS; ERROR_WRITE_PROTECT on Windows.</summary>
    private static bool IsReadOnlyDisk(int code) =>
        code == (OperatingSystem.IsWindows() ? unchecked((int)0x80070013) : 30);
}
