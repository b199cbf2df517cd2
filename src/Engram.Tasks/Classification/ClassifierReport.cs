using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>What came out of training a classifier. The verdict calls less than half a point of accuracy no difference.</summary>
public sealed record ClassifierReport : TaskReport
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-10)]
    public override string Task => ClassifierDocument.TaskKind;

    /// <summary>How well the network classifies.</summary>
    public required ClassifierScores Metrics { get; init; }

    /// <summary>The baselines on the same texts as the test scores.</summary>
    public required ClassifierBaselines Baselines { get; init; }

    /// <summary>The wrong predictions of which the network was surest, at most ten.</summary>
    public required IReadOnlyList<ClassifierMistake> Mistakes { get; init; }

    /// <inheritdoc/>
    public override string ToJson() => TaskJson.Write(this, TaskJson.Readable.ClassifierReport);
}

/// <summary>How well a network classifies.</summary>
/// <param name="Test">The test texts, which it never saw.</param>
/// <param name="Validation">The texts on which the best epoch was chosen; null where there are none.</param>
public sealed record ClassifierScores(ClassifierMetrics Test, ClassifierMetrics? Validation);

/// <summary>What simple classifiers reach.</summary>
/// <param name="Majority">Every text is taken for the class that most training texts are of.</param>
/// <param name="BagOfWords">Logistic regression on the words of a text, whatever their order.</param>
public sealed record ClassifierBaselines(ClassifierMetrics Majority, ClassifierMetrics BagOfWords);

/// <summary>A wrong prediction.</summary>
/// <param name="Row">The row of the test data, counted from 1 without the header.</param>
/// <param name="Text">The text, or its beginning.</param>
/// <param name="Label">Its label.</param>
/// <param name="Predicted">What it was taken for.</param>
/// <param name="Probability">The probability that the network gave that.</param>
public sealed record ClassifierMistake(int Row, string Text, string Label, string Predicted, double Probability);
