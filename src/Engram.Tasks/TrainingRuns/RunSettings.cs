namespace Engram.Tasks;

/// <summary>All that a run was started with: <c>options.json</c>.</summary>
/// <typeparam name="TOptions">The options of the run's task.</typeparam>
/// <param name="Task">The task, by the word that its model files have.</param>
/// <param name="DataSha256">SHA-256 of the data files.</param>
/// <param name="TestSha256">SHA-256 of the test file; null where there is none.</param>
/// <param name="Options">The options, paths in full.</param>
internal sealed record RunSettings<TOptions>(string Task, string DataSha256, string? TestSha256, TOptions Options)
    where TOptions : RunOptions
{
    /// <summary>SHA-256 of the file of word vectors, or of the language model, that the network begins with; null where there is none.</summary>
    public string? LearntSha256 { get; init; }
}
