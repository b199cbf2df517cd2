using Engram.Training;

namespace Engram.Tasks;

/// <summary>What training left behind beside the model: for pictures and tables.</summary>
/// <param name="History">Loss, validation loss and F1 of every epoch.</param>
/// <param name="Test">The sentences of the test part.</param>
/// <param name="Predicted">The tags that the tagger gave them.</param>
public sealed record TaggingTraining(History History, IReadOnlyList<TaggedSentence> Test, IReadOnlyList<IReadOnlyList<string>> Predicted);
