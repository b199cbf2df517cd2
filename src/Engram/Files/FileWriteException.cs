namespace Engram.Files;

/// <summary>A file could not be written: the disk is full, the folder is missing or closed to us, the name is a folder's.</summary>
public sealed class FileWriteException : EngramException
{
    /// <summary>Makes an error from its message.</summary>
    public FileWriteException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error from its message and its cause.</summary>
    public FileWriteException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error that names the file, the reason and the remedy.</summary>
    internal static FileWriteException For(string path, string reason, string remedy, Exception? cause = null) =>
        new($"Cannot write '{path}': {reason}. {remedy}", cause);
}
