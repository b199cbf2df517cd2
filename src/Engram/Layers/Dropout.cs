using System.Text.Json;

namespace Engram;

/// <summary>
/// While training, sets elements to zero with probability <see cref="Rate"/> and scales the others up; otherwise does nothing
/// (Srivastava et al. 2014). See <see cref="Operations.Dropout"/>.
/// </summary>
public sealed class Dropout : Layer
{
    /// <summary>A dropout layer.</summary>
    /// <param name="rate">Share of elements that are dropped, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0, 1).</exception>
    public Dropout(double rate)
    {
        if (!(rate >= 0 && rate < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is at least 0 and below 1.");
        }
        Rate = rate;
    }

    /// <summary>Share of elements that are dropped.</summary>
    public double Rate { get; }

    /// <summary>
    /// Whether the same elements are dropped at every step of a sequence [batch, time, features], as suits the inputs of recurrent
    /// layers (Gal &amp; Ghahramani 2016). False by default.
    /// </summary>
    public bool SharedOverTime { get; init; }

    /// <inheritdoc/>
    public override string Kind => "dropout";

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (!pass.IsTraining)
        {
            return input;
        }
        RandomStream random = pass.DropoutStream(DisplayName);
        return SharedOverTime ? pass.DropoutOverTime(input, Rate, random) : pass.Dropout(input, Rate, random);
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (SharedOverTime && input.Rank != 3)
        {
            ThrowShape("[batch, time, features], to drop the same features at every step", input);
        }
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteNumber("rate", Rate);
        if (SharedOverTime)
        {
            json.WriteBoolean("sharedOverTime", true);
        }
    }
}
