using System.Text.Json.Serialization.Metadata;
using Engram.Data;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>What a task brings to a run: how its data are read, its network trained, its results written.</summary>
/// <typeparam name="TOptions">The options of its runs.</typeparam>
/// <typeparam name="TTrained">What it trains.</typeparam>
internal interface IRunTask<TOptions, TTrained>
    where TOptions : RunOptions
    where TTrained : class
{
    /// <summary>The word for it in model files, <c>report.json</c> and <c>options.json</c>.</summary>
    string Kind { get; }

    /// <summary>How <c>options.json</c> is written and read.</summary>
    JsonTypeInfo<RunSettings<TOptions>> Settings { get; }

    /// <summary>Whether nothing is missing in options that came from a file.</summary>
    /// <exception cref="ArgumentException">Something in them cannot be.</exception>
    bool IsComplete(TOptions options);

    /// <summary>Reads and splits the data, and makes the network.</summary>
    /// <param name="options">What to train on, and how.</param>
    /// <param name="folder">The run's folder, for what an earlier run kept there; nothing is written.</param>
    /// <param name="environment">What surrounds the training.</param>
    ITaskTrainer<TTrained> Prepare(TOptions options, RunFolder folder, TaskEnvironment environment);
}

/// <summary>A task whose data are read, and whose network can be trained.</summary>
internal interface ITaskTrainer
{
    /// <summary>SHA-256 of the data files.</summary>
    string DataSha256 { get; }

    /// <summary>SHA-256 of the test file; null where there is none.</summary>
    string? TestSha256 { get; }

    /// <summary>SHA-256 of the file that the network begins with: word vectors, or a language model; null where there is none.</summary>
    string? LearntSha256 => null;

    /// <summary>What was read from a stream, which the run keeps; null where there was none.</summary>
    CsvSource? Input => null;

    /// <summary>The epoch, from 1, whose weights are the best so far; 0 before there is one.</summary>
    int BestEpoch { get; }

    /// <summary>Trains the network.</summary>
    /// <param name="run">How often checkpoints and gradients are written; nothing is where null.</param>
    /// <param name="checkpoint">The file to continue from where it exists, and to keep for continuing; none where null.</param>
    /// <param name="callbacks">What is told beside, after the best weights are known.</param>
    /// <returns>The history; <see cref="StopReason.Cancelled"/> where training was cancelled.</returns>
    History Train(RunOptions? run = null, string? checkpoint = null, params IReadOnlyList<Callback> callbacks);

    /// <summary>Writes the model as it is at this moment, without scores.</summary>
    void SaveSnapshot(string path);
}

/// <inheritdoc/>
/// <typeparam name="TTrained">What the task trains.</typeparam>
internal interface ITaskTrainer<TTrained> : ITaskTrainer
    where TTrained : class
{
    /// <summary>Scores the network and the baselines.</summary>
    TTrained Finish(History history);

    /// <summary>Writes the model, the report and what else the task leaves.</summary>
    void Write(TTrained trained, RunFolder folder);
}
