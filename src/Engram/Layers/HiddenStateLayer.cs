namespace Engram;

/// <summary>A recurrent layer whose whole state is its hidden state h, so that one tensor tells it.</summary>
/// <inheritdoc/>
public abstract class HiddenStateLayer : RecurrentLayer
{
    private protected HiddenStateLayer(int units)
        : base(units)
    {
    }

    /// <summary>Applies the layer from a given state and returns the state after the last step beside the output.</summary>
    /// <param name="pass">The pass that owns the results.</param>
    /// <param name="input">[batch, time, features]</param>
    /// <param name="initial">h before the first step [batch, units]; zeros where not given.</param>
    /// <exception cref="ShapeException">Input or state do not fit the layer.</exception>
    public (Tensor Output, Tensor State) Apply(Pass pass, Tensor input, Tensor? initial)
    {
        ArgumentNullException.ThrowIfNull(pass);
        (Tensor output, Tensor hidden, _) = Walk(pass, input, initial ?? default, default);
        return (Finish(pass, output), hidden);
    }
}
