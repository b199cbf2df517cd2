namespace Engram.Training;

/// <summary>The loss of one output of a model in a batch, of rank 0; what it counts in the model's loss, and in a mean over batches.</summary>
internal readonly record struct OutputLoss(Tensor Loss, double Factor, double Weight);

/// <summary>
/// The mean of a model's loss over batches, or over pieces of them: Σ over outputs of f · Σ w L / Σ w, since each output's loss is a mean over real
/// steps of its own.
/// </summary>
internal sealed class LossMean
{
    private (double Factor, double Sum, double Weight)[] _outputs = [];

    /// <summary>The mean; an output without a real step counts 0.</summary>
    public double Value
    {
        get
        {
            double value = 0;
            foreach ((double factor, double sum, double weight) in _outputs)
            {
                value += weight > 0 ? factor * (sum / weight) : 0;
            }
            return value;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Reset() => Array.Clear(_outputs);

    /// <summary>The sums, three numbers for each output; given back they go on to the bit.</summary>
    public double[] Sums
    {
        get => [.. _outputs.SelectMany(output => (double[])[output.Factor, output.Sum, output.Weight])];
        set => _outputs = [.. value.Chunk(3).Select(one => (one[0], one[1], one[2]))];
    }

    /// <summary>Adds what a pass computed.</summary>
    public void Add(List<OutputLoss> losses)
    {
        for (int i = 0; i < losses.Count; i++)
        {
            (Tensor loss, double factor, double weight) = losses[i];
            Add(losses.Count, i, factor, weight * loss.ToScalar(), weight);
        }
    }

    /// <summary>Adds the batches of another mean.</summary>
    public void Add(LossMean other)
    {
        for (int i = 0; i < other._outputs.Length; i++)
        {
            (double factor, double sum, double weight) = other._outputs[i];
            Add(other._outputs.Length, i, factor, sum, weight);
        }
    }

    private void Add(int outputs, int output, double factor, double sum, double weight)
    {
        if (_outputs.Length < outputs)
        {
            Array.Resize(ref _outputs, outputs);
        }
        _outputs[output] = (factor, _outputs[output].Sum + sum, _outputs[output].Weight + weight);
    }
}
