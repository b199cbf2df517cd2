using Engram.Files;

namespace Engram.Training;

/// <summary>
/// Writes the history to a CSV file after every epoch (<see cref="History.WriteCsv"/>): whole, so that what stands there is always
/// complete, and after a resume has no gap and no row twice.
/// </summary>
public sealed class CsvLog : Callback
{
    private readonly string _path;

    /// <summary>A log in a file.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    public CsvLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
    }

    /// <inheritdoc/>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public override void OnTrainingStart(TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AtomicFile.WriteText(_path, context.History.WriteCsv);
    }

    /// <inheritdoc/>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public override void OnEpochEnd(TrainingContext context, EpochResult epoch) => OnTrainingStart(context);
}
