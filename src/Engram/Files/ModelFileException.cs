namespace Engram.Files;

/// <summary>A model file is missing, damaged, or not one of ours.</summary>
public sealed class ModelFileException : EngramException
{
    /// <summary>Makes an error from its message.</summary>
    public ModelFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error from its message and its cause.</summary>
    public ModelFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
