namespace Engram.Training;

/// <summary>
/// A checkpoint is of another run: the model, its training, the data or an option was another when it was written (<see cref="FitOptions.Resume"/>). The message
/// names what, and what it was.
/// </summary>
public sealed class CheckpointMismatchException : ArgumentException
{
    internal CheckpointMismatchException(string path, string difference)
        : base($"{path} {difference}. Go on with the same options and data, or start anew.") => Difference = difference;

    /// <summary>What is not the same: <c>was written by a run with batch size 32; this run has 16</c>.</summary>
    public string Difference { get; }
}
