using System.Globalization;

namespace Engram.Metrics;

/// <summary>What a row of scores, or of targets, decides for.</summary>
internal static class Decision
{
    /// <summary>A target from here on is a yes.</summary>
    private const float Half = 0.5f;

    /// <summary>The first of the largest numbers.</summary>
    public static int Largest(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int k = 1; k < row.Length; k++)
        {
            if (row[k] > row[best])
            {
                best = k;
            }
        }
        return best;
    }

    /// <summary>The class that a target names: a class id, or the largest of a row as long as the prediction's.</summary>
    public static int TargetClass(in MetricBatch batch, int row, string metric)
    {
        ReadOnlySpan<float> target = batch.Target(row);
        if (batch.Columns < 2 || (target.Length != 1 && target.Length != batch.Columns))
        {
            throw new ShapeException($"{metric} needs two classes or more in a row of the predictions and one class id, or as many numbers, in a row of the targets, but they have {batch.Columns} and {target.Length}.");
        }
        if (target.Length > 1)
        {
            return Largest(target);
        }
        float id = target[0];
        return id >= 0 && id < batch.Columns && id == MathF.Floor(id) ? (int)id
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{metric}: the target of row {row} of the batch is {id}, which is no class: there are the classes 0 to {batch.Columns - 1}."));
    }

    /// <summary>
    /// Number of yes-or-no decisions in a row: one for each element; or one where the row has the scores of two classes and the target is
    /// the id of one of them.
    /// </summary>
    public static int BinaryCount(in MetricBatch batch, string metric) =>
        batch.Columns == batch.TargetColumns ? batch.Columns
        : batch is { Columns: 2, TargetColumns: 1 } ? 1
        : throw new ShapeException($"{metric} needs a score for each target, or the scores of two classes and a class id, but a row has {batch.Columns} predictions and {batch.TargetColumns} targets.");

    /// <summary>The score of a yes, as <see cref="BinaryCount"/> counts, and whether it is one.</summary>
    public static (float Score, bool Positive) Binary(in MetricBatch batch, int row, int index)
    {
        ReadOnlySpan<float> predicted = batch.Predicted(row), target = batch.Target(row);
        return predicted.Length == target.Length ? (predicted[index], target[index] >= Half) : (predicted[1] - predicted[0], target[0] >= Half);
    }

    /// <summary>
    /// The threshold that such scores are held against: with two classes the larger score wins; where none is given, what a probability of ½ is in the predictions.
    /// </summary>
    public static double Threshold(in MetricBatch batch, double? threshold) =>
        batch.Columns != batch.TargetColumns ? 0 : threshold ?? (batch.Form == PredictionForm.Logits ? 0 : Half);
}
