namespace Engram.Tasks;

/// <summary>
/// A training run of a tagger that leaves a folder: files with a token to a line, in columns with blanks or tabs between, and an empty line between sentences.
/// Columns are 0, 1 … from the left, −1, −2 … from the right.
/// </summary>
public sealed record TaggingRunOptions : RunOptions
{
    /// <summary>The column of the token; 0 by default.</summary>
    public int Column { get; init; }

    /// <summary>The column of its tag; −1, the last, by default.</summary>
    public int Label { get; init; } = -1;

    /// <summary>Columns to tag from beside the token, such as its part of speech. None by default.</summary>
    public IReadOnlyList<int> Features { get; init; } = [];

    /// <summary>How to train.</summary>
    public TaggingOptions Training { get; init; } = new();

    internal override TrainingOptions Common => Training;

    internal TokenColumns Columns => new(Column, Label, Features);

    internal override RunOptions WithFullPaths() => (TaggingRunOptions)base.WithFullPaths() with { Training = (TaggingOptions)Training.WithFullPaths() };

    internal override RunOptions Comparable() => (TaggingRunOptions)base.Comparable() with { Training = (TaggingOptions)Training.Comparable() };
}
