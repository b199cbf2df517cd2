using Engram.Data;

namespace Engram.Tasks;

/// <summary>All that a run was started with: <c>options.json</c>.</summary>
internal sealed record RunSettings
{
    public string Task { get; init; } = ForecastDocument.TaskKind;

    /// <summary>Full paths of the data files; <c>-</c> for the copy of a stream that lies in the folder.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Full path of the test file; null where there is none.</summary>
    public string? TestFile { get; init; }

    public required string Target { get; init; }

    public required CsvOptions Csv { get; init; }

    public required ForecastOptions Training { get; init; }

    public int CheckpointEpochs { get; init; } = 1;

    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    public int GradientStatistics { get; init; }

    /// <summary>SHA-256 of the data files, and of the test file.</summary>
    public required string DataSha256 { get; init; }

    public string? TestSha256 { get; init; }

    public static RunSettings Of(ForecastRunOptions options, Table table) => new()
    {
        Files = options.ReadsInput ? options.Files : [.. options.Files.Select(Path.GetFullPath)],
        TestFile = options.TestFile is null ? null : Path.GetFullPath(options.TestFile),
        Target = options.Target,
        Csv = options.Csv,
        Training = options.Training with { TestTable = null },
        CheckpointEpochs = options.CheckpointEpochs,
        CheckpointInterval = options.CheckpointInterval,
        GradientStatistics = options.GradientStatistics,
        DataSha256 = table.Sha256,
        TestSha256 = options.Training.TestTable?.Sha256,
    };

    public ForecastRunOptions ToOptions(string folder) => new()
    {
        Files = Files,
        TestFile = TestFile,
        Target = Target,
        Csv = Csv,
        Training = Training,
        CheckpointEpochs = CheckpointEpochs,
        CheckpointInterval = CheckpointInterval,
        GradientStatistics = GradientStatistics,
        Output = folder,
        Resume = true,
    };

    /// <summary>The same run, as long as only how long it trains, and what it writes meanwhile, differs.</summary>
    public bool Continues(RunSettings other) => ForecastJson.Write(Comparable(this)) == ForecastJson.Write(Comparable(other));

    private static RunSettings Comparable(RunSettings settings) => settings with
    {
        Files = [],
        TestFile = null,
        Training = settings.Training with { Epochs = 1, TimeLimit = null },
        CheckpointEpochs = 1,
        CheckpointInterval = default,
        GradientStatistics = 0,
    };
}
