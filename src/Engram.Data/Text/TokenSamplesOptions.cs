namespace Engram.Data;

/// <summary>How <see cref="TokenSamples"/> makes samples of texts.</summary>
public sealed record TokenSamplesOptions
{
    /// <summary>Steps of a sample, 1 or more: longer texts are cut, shorter ones padded. Default: as many as the longest text has.</summary>
    public int? Length { get; init; }

    /// <summary>Which part of a text that is too long is kept. Default: its beginning.</summary>
    public TextTruncation Truncation { get; init; }

    /// <summary>
    /// Whether padding stands in front of the text. Default: no, it stands behind, which lets a batch have as many steps as its longest text only.
    /// </summary>
    public bool PadBefore { get; init; }

    /// <summary>Share of the tokens that training leaves out, others in every epoch; 0 … below 1. One token at least stays. Default: 0.</summary>
    public double WordDropout { get; init; }

    /// <summary>Probability with which training exchanges a token with the next, other ones in every epoch; 0 … 1. Default: 0.</summary>
    public double Swap { get; init; }

    /// <summary>Share of the tokens that training replaces by <see cref="Vocabulary.Unknown"/>, others in every epoch; 0 … 1. Default: 0.</summary>
    public double Masking { get; init; }

    /// <summary>Whether training sees other samples in every epoch.</summary>
    internal bool Augments => WordDropout > 0 || Swap > 0 || Masking > 0;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    internal void Check()
    {
        Require(Length is null or >= 1, nameof(Length), Length, "must be at least 1.");
        Require(Enum.IsDefined(Truncation), nameof(Truncation), Truncation, "is not one of its values.");
        Require(WordDropout is >= 0 and < 1, nameof(WordDropout), WordDropout, "must be at least 0 and below 1.");
        Require(Swap is >= 0 and <= 1, nameof(Swap), Swap, "must be 0 to 1.");
        Require(Masking is >= 0 and <= 1, nameof(Masking), Masking, "must be 0 to 1.");

        static void Require(bool holds, string option, object? value, string rule)
        {
            if (!holds)
            {
                throw new ArgumentOutOfRangeException($"options.{option}", value, rule);
            }
        }
    }
}
