using static Engram.Tasks.TrainingOptionsCheck;

namespace Engram.Tasks;

/// <summary>How a language model writes.</summary>
public sealed record GenerationOptions
{
    /// <summary>Tokens to write, 0 or more; 200 by default.</summary>
    public int Length { get; init; } = 200;

    /// <summary>
    /// What logits are divided by, 0 or more; 1, the default, draws tokens as often as the model expects them. Less writes more of what is probable; 0 always takes the
    /// most probable token.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only so many of the most probable tokens are drawn from, 1 or more; more than there are means all. Null, the default: all.</summary>
    public int? TopK { get; init; }

    /// <summary>
    /// Only the most probable tokens are drawn from that together have this probability (nucleus sampling, Holtzman et al. 2020), above 0 to 1. Null, the default: all.
    /// </summary>
    public double? TopP { get; init; }

    /// <summary>Where tokens are drawn from; 0 by default. The same seed writes the same text.</summary>
    public long Seed { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOptionException">One is outside its range.</exception>
    public void Validate()
    {
        AtLeast("--length", Length, 0);
        Require(Temperature >= 0 && double.IsFinite(Temperature), "--temperature", Temperature, "must be at least 0.");
        AtLeast("--top-k", TopK ?? 1, 1);
        Require(TopP is null or (> 0 and <= 1), "--top-p", TopP, "must be above 0 and at most 1.");
    }
}
