namespace Engram;

/// <summary>How a cross-entropy reads predictions and weighs targets.</summary>
public sealed record CrossEntropyOptions
{
    /// <summary>
    /// Whether the model puts out probabilities. False by default: it puts out logits, any numbers, which a sigmoid or softmax inside the
    /// loss makes probabilities of. That is faster, and exact where a probability rounds to 0 or 1; so let the last layer be linear.
    /// </summary>
    public bool FromProbabilities { get; init; }

    /// <summary>
    /// A weight for each class, 0 or more, which its share of the loss is multiplied by, two of them for the binary loss: that of 0
    /// and of 1. The mean still divides by the number of steps. Null, the default, weighs all alike.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not a number of 0 or more.</exception>
    public IReadOnlyList<double>? ClassWeights
    {
        get;
        init
        {
            foreach (double weight in value ?? [])
            {
                if (!(weight >= 0 && double.IsFinite(weight)))
                {
                    throw new ArgumentOutOfRangeException(nameof(value), weight, "A class weight is a number of 0 or more.");
                }
            }
            field = value;
        }
    }

    /// <summary>
    /// Share s of each target that is spread evenly over all classes, 0, the default, to below 1 (Szegedy et al. 2016), so that the
    /// model is not driven to be ever more certain.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public double LabelSmoothing
    {
        get;
        init => field = value >= 0 && value < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Label smoothing is at least 0 and below 1.");
    }
}
