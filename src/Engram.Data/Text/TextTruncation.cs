namespace Engram.Data;

/// <summary>Which part of a text that is too long is kept.</summary>
public enum TextTruncation
{
    /// <summary>The beginning.</summary>
    Head,

    /// <summary>The end.</summary>
    Tail,

    /// <summary>The first half of the room from the beginning, the rest from the end; of an odd number the beginning has one more.</summary>
    Both,
}
