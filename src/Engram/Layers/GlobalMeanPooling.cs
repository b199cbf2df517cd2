using Engram.Layers;

namespace Engram;

/// <summary>
/// The mean over the real steps: [batch, time, features] to [batch, features]. A sequence without real steps gives zeros.
/// </summary>
public sealed class GlobalMeanPooling : Layer
{
    /// <inheritdoc/>
    public override string Kind => "global-mean-pooling";

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input) => pass.MeanOverTime(input);

    /// <inheritdoc/>
    protected override void CheckInput(Shape input) => RequireSequences(input);

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "its mean is over whole sequences";

    private protected override Shape Plan(Shape input, WeightPlan weights) => new(input[1]);
}
