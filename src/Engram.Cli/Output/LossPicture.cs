using Engram.Plots;
using Engram.Training;

namespace Engram.Cli.Output;

/// <summary>The picture that every run has: <c>loss.png</c>.</summary>
internal static class LossPicture
{
    /// <returns>What a reader of the picture should be told.</returns>
    public static IReadOnlyList<string> Save(string folder, History history, int bestEpoch, string? bestBy = null)
    {
        if (history.Epochs.Count == 0)
        {
            return ["Training ended before an epoch was done: there is no loss to draw, and the weights are those reached."];
        }
        Picture loss = Charts.Loss(history.Loss, history.ValidationLoss, bestEpoch, bestBy: bestBy);
        loss.Save(Path.Combine(folder, "loss.png"));
        return loss.Notes;
    }
}
