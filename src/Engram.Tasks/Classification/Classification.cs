namespace Engram.Tasks;

/// <summary>What a text was taken for.</summary>
/// <param name="Label">The most probable class.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Probabilities">The probability of each class, in the order of <see cref="TextClassifier.Classes"/>.</param>
public sealed record Classification(string Label, double Probability, IReadOnlyList<double> Probabilities);
