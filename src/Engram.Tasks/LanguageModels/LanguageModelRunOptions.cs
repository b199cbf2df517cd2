namespace Engram.Tasks;

/// <summary>A training run of a language model that leaves a folder: text files, options, and where results go.</summary>
public sealed record LanguageModelRunOptions : RunOptions
{
    /// <summary>The column of texts, where the files are tables; each text is a line then. Null, the default: the files are text.</summary>
    public string? TextColumn { get; init; }

    /// <summary>A file to validate on instead of the end of the text. Null, the default: none.</summary>
    public string? ValidationFile { get; init; }

    /// <summary>The character encoding of the files; found from their bytes where null, the default.</summary>
    public string? Encoding { get; init; }

    /// <summary>
    /// How to train; <see cref="LanguageModelOptions.TestText"/> and <see cref="LanguageModelOptions.ValidationText"/> are set from
    /// <see cref="RunOptions.TestFile"/> and <see cref="ValidationFile"/>.
    /// </summary>
    public LanguageModelOptions Training { get; init; } = new();

    internal override TrainingOptions Common => Training;

    internal override IEnumerable<string?> OtherFiles => [.. base.OtherFiles, ValidationFile];

    internal override RunOptions WithFullPaths() => (LanguageModelRunOptions)base.WithFullPaths() with
    {
        ValidationFile = ValidationFile is null ? null : Path.GetFullPath(ValidationFile),
        Training = (LanguageModelOptions)Training.WithFullPaths(),
    };

    internal override RunOptions Comparable() => (LanguageModelRunOptions)base.Comparable() with
    {
        ValidationFile = null,
        Training = (LanguageModelOptions)Training.Comparable(),
    };
}
