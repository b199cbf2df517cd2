using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>The same vector at every one of so many steps: [batch, features] to [batch, steps, features].</summary>
public sealed class RepeatVector : Layer
{
    /// <summary>A layer that repeats so many times.</summary>
    /// <param name="steps">Steps of the output, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step.</exception>
    public RepeatVector(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Steps = steps;
    }

    /// <summary>Steps of the output.</summary>
    public int Steps { get; }

    /// <inheritdoc/>
    public override string Kind => "repeat-vector";

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input) => pass.Repeat(input, Steps);

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (input.Rank != 2)
        {
            ThrowShape("[batch, features]", input);
        }
    }

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "it makes sequences of single vectors";

    private protected override Shape Plan(Shape input, WeightPlan weights) => new(Steps, input[0]);

    internal override void WriteOptions(Utf8JsonWriter json) => json.WriteNumber("steps", Steps);
}
