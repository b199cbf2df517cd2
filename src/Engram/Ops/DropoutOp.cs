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
        int batch = x.Shape.Rank == 0 ? 1 : x.Shape[0];
        Tensor mask = pass.Create(x.Shape, "dropout mask", needsGradient: false);
        pass.Backend.DropoutMask(random, pass.SampleIndices(batch), x.Shape.Count / Math.Max(1, batch), rate, mask.Body.Storage!);
        return MultiplyOp.Forward(pass, x, mask, "dropout");
    }
}
