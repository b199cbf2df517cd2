using System.Text.Json.Serialization;
using Engram.Data;
using static Engram.Tasks.TrainingOptionsCheck;

namespace Engram.Tasks;

/// <summary>
/// How a <see cref="LanguageModel"/> is trained. The text is laid out as <see cref="TrainingOptions.BatchSize"/> streams side by side, which are read
/// <see cref="Steps"/> tokens at a time with the state carried on (truncated back-propagation); the gradient is that of the loss summed over these steps, mean over the
/// streams, which is what <see cref="TrainingOptions.ClipNorm"/> and the learning rate of SGD refer to (Zaremba et al. 2014). Losses are told per token.
/// </summary>
public sealed record LanguageModelOptions : TextTrainingOptions
{
    /// <summary>The defaults: characters, two layers of 256 units, 20 epochs, norm clipped to 5, the last tenth of the text to validate, no test part.</summary>
    public LanguageModelOptions()
    {
        (Units, Epochs, ClipNorm, Patience) = ([256, 256], 20, 5, 3);
        (LearningRate, Test) = (0.002, 0);
    }

    /// <summary>How the text becomes tokens; characters by default.</summary>
    public TextOptions Text { get; init; } = new() { Tokenizer = TokenizerKind.Characters };

    /// <summary>Tokens over which gradients flow back, 1 or more; 35 by default.</summary>
    public int Steps { get; init; } = 35;

    /// <summary>
    /// Whether the output layer has the embedding's weights (Press &amp; Wolf 2017; Inan et al. 2017); the last layer then needs as many units as the embedding has numbers.
    /// False by default.
    /// </summary>
    public bool TieWeights { get; init; }

    /// <summary>Share of the tokens of the vocabulary that a training step leaves out: 0, the default, to below 1.</summary>
    public double EmbeddingDropout { get; init; }

    /// <summary>Share of the recurrent weights that a training step leaves out (Merity et al. 2018): 0, the default, to below 1.</summary>
    public double WeightDropout { get; init; }

    /// <summary>α of the penalty α‖h‖² of the last layer's outputs (Merity et al. 2018), 0, the default, or more.</summary>
    public double ActivationPenalty { get; init; }

    /// <summary>β of the penalty β‖hₜ − hₜ₋₁‖² of the change of the last layer's outputs (Merity et al. 2018), 0, the default, or more.</summary>
    public double ChangePenalty { get; init; }

    /// <summary>Text to validate on, given beside; null: the last share of <see cref="TrainingOptions.Validation"/> of what is left for training.</summary>
    [JsonIgnore]
    public TextCorpus? ValidationText { get; init; }

    /// <summary>Text to score on, given beside; null: the last share of <see cref="TrainingOptions.Test"/> of the text, none where that is 0.</summary>
    [JsonIgnore]
    public TextCorpus? TestText { get; init; }

    internal override int EmbeddingSize => Embedding ?? (Text.Tokenizer == TokenizerKind.Characters && !TieWeights ? 64 : TieWeights ? Units[^1] : Units[0]);

    internal override bool HasTestData => TestText is not null || Test == 0;

    /// <inheritdoc/>
    public override void Validate()
    {
        TextOptionsCheck.Check(Text);
        AtLeast("--steps", Steps, 1);
        TextTrainingOptionsCheck.Check(this, Text.Tokenizer);
        Share("--embedding-dropout", EmbeddingDropout);
        Share("--weight-dropout", WeightDropout);
        Require(ActivationPenalty >= 0 && double.IsFinite(ActivationPenalty), "--activation-penalty", ActivationPenalty, "must be at least 0.");
        Require(ChangePenalty >= 0 && double.IsFinite(ChangePenalty), "--change-penalty", ChangePenalty, "must be at least 0.");
        TrainingOptionsCheck.Check(this);
        Require(!TieWeights || EmbeddingSize == Units[^1], "--tie-weights", "on",
            $"needs as many units in the last layer as numbers stand for a token, but there are {Units[^1]} and {EmbeddingSize}. {(WordVectors is null ? "Make them the same" : $"With these word vectors the last of --units must be {EmbeddingSize}")}.");
    }
}
