using Engram.Data;

namespace Engram.Tasks;

/// <summary>A training run of a classifier that leaves a folder: tables with a column of texts and one of labels, options, and where results go.</summary>
public sealed record ClassifierRunOptions : RunOptions
{
    /// <summary>The column of texts, whatever its case.</summary>
    public required string Text { get; init; }

    /// <summary>The column of labels: words or numbers.</summary>
    public required string Label { get; init; }

    /// <summary>How the files are written; found from them by default.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>How to train; <see cref="ClassifierOptions.TestTexts"/> is set from <see cref="RunOptions.TestFile"/>.</summary>
    public ClassifierOptions Training { get; init; } = new();

    internal override TrainingOptions Common => Training;

    internal override RunOptions WithFullPaths() => (ClassifierRunOptions)base.WithFullPaths() with { Training = (ClassifierOptions)Training.WithFullPaths() };

    internal override RunOptions Comparable() => (ClassifierRunOptions)base.Comparable() with { Training = (ClassifierOptions)Training.Comparable() };
}
