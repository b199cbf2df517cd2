namespace Engram;

/// <summary>What the numbers are that a model puts out.</summary>
public enum PredictionForm
{
    /// <summary>Numbers that are no probabilities, or of which nothing is known.</summary>
    Values,

    /// <summary>Any numbers, of which a sigmoid or softmax makes probabilities: ½ is a logit of 0.</summary>
    Logits,

    /// <summary>Probabilities.</summary>
    Probabilities,
}
