using Engram.Training;

namespace Engram.Tasks;

/// <summary>What training left behind beside the model: for pictures and tables.</summary>
/// <param name="History">Loss and validation loss of every epoch.</param>
/// <param name="TestTexts">The texts that were scored.</param>
/// <param name="TestLabels">Their labels.</param>
/// <param name="TestPredictions">What each was taken for.</param>
public sealed record ClassifierTraining(
    History History, IReadOnlyList<string> TestTexts, IReadOnlyList<string> TestLabels, IReadOnlyList<Classification> TestPredictions);
