namespace Engram;

/// <summary>
/// Base of the errors that the outside world can cause: data, files, options, divergence.
/// The message says what is wrong, where, and what to do about it.
/// </summary>
public abstract class EngramException : Exception
{
    /// <summary>Makes an error from its message.</summary>
    protected EngramException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error from its message and its cause.</summary>
    protected EngramException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
