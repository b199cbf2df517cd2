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
}
