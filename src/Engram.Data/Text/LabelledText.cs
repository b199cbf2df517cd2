namespace Engram.Data;

/// <summary>A text as it stands in a file.</summary>
/// <param name="Text">The text, blanks and line ends included; may be empty.</param>
/// <param name="Label">Its label; null where labels are not read.</param>
/// <param name="File">The file.</param>
/// <param name="Row">The line of the file in which it begins, 1 the first, the header counted.</param>
public readonly record struct LabelledText(string Text, string? Label, string File, long Row);
