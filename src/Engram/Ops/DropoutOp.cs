namespace Engram;

/// <content>Dropout.</content>
public static partial class Operations
{
    /// <summary>
    /// While training, sets each element to zero with probability <paramref name="rate"/> and divides the others by 1 − rate, so that
    /// the expectation stays (Srivastava et al. 2014). Otherwise returns x. What is dropped depends on the stream and on the sample's
    /// index in the data, not on the batch it happens to be in.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">[batch, ...]</param>
    /// <param name="rate">In [0, 1).</param>
    /// <param name="random">The stream of this layer, at this epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0, 1).</exception>
    public static Tensor Dropout(this Pass pass, Tensor x, double rate, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (!(rate >= 0 && rate < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is at least 0 and below 1.");
        }
        x = pass.Input(x);
        if (!pass.IsTraining || rate == 0)
        {
            return x;
        }
        return MultiplyOp.Forward(pass, x, pass.DropoutMask(x.Shape, rate, random), "dropout");
    }

    /// <summary>The same with one draw for all steps of a sequence [batch, time, features].</summary>
    internal static Tensor DropoutOverTime(this Pass pass, Tensor x, double rate, RandomStream random) =>
        rate == 0 ? x : MultiplyOp.Forward(pass, x, pass.Repeat(pass.DropoutMask(new Shape(x.Shape[0], x.Shape[2]), rate, random), x.Shape[1]), "dropout");

    /// <summary>0 with probability <paramref name="rate"/>, else 1 / (1 − rate), drawn for each sample by its index in the data.</summary>
    internal static Tensor DropoutMask(this Pass pass, Shape shape, double rate, RandomStream random) => RandomMask(pass, shape, rate, 0, 1 / (1 - rate), random);

    /// <summary>One number with probability <paramref name="rate"/>, else another, drawn for each sample by its index in the data.</summary>
    internal static Tensor RandomMask(this Pass pass, Shape shape, double rate, double drawn, double other, RandomStream random)
    {
        using ProfileSpan span = pass.Measure("random mask", ProfileCategory.Activations);
        int batch = shape.Rank == 0 ? 1 : shape[0];
        Tensor mask = pass.Create(shape, "random mask", needsGradient: false);
        pass.Backend.RandomMask(random, pass.SampleIndices(batch), shape.Count / Math.Max(1, batch), rate, drawn, other, mask.Body.Storage!);
        return mask;
    }

    /// <summary>Weights of which a share is dropped, the others scaled up (DropConnect, Wan et al. 2013).</summary>
    internal static Tensor DropWeights(this Pass pass, Tensor weights, double rate, RandomStream random)
    {
        if (rate == 0)
        {
            return weights;
        }
        Tensor mask = pass.Create(weights.Shape, "weight mask", needsGradient: false);
        pass.Backend.RandomMask(random, [0], weights.Shape.Count, rate, 0, 1 / (1 - rate), mask.Body.Storage!);
        return MultiplyOp.Forward(pass, weights, mask, "weight dropout");
    }
}
