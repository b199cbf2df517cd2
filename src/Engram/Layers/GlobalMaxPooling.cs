using Engram.Layers;

namespace Engram;

/// <summary>
/// The maximum over the real steps: [batch, time, features] to [batch, features]. A sequence without real steps gives zeros.
/// </summary>
public sealed class GlobalMaxPooling : Layer
{
    /// <inheritdoc/>
    public override string Kind => "global-max-pooling";

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input) => pass.MaxOverTime(input);

    /// <inheritdoc/>
    protected override void CheckInput(Shape input) => RequireSequences(input);

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "its maximum is over whole sequences";

    private protected override Shape Plan(Shape input, WeightPlan weights) => new(input[1]);
}
