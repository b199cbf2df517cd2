namespace Engram;

/// <summary>Arrays do not fit together. The message names the layer or operation, what it expected and what it got.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Makes an error from its message.</summary>
    public ShapeException(string message)
        : base(message)
    {
    }
}
