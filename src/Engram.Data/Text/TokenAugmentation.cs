namespace Engram.Data;

/// <summary>
/// What an epoch of training does to the tokens of a sample: leaves some out, exchanges neighbours, hides some behind
/// <see cref="Vocabulary.Unknown"/>, in this order. All depends on the epoch's random stream, the sample and the place alone.
/// </summary>
/// <param name="options">How much of each.</param>
/// <param name="epoch">The epoch's stream.</param>
internal sealed class TokenAugmentation(TokenSamplesOptions options, RandomStream epoch)
{
    private readonly RandomStream _drop = epoch.Derive("drop"), _swap = epoch.Derive("swap"), _mask = epoch.Derive("mask");

    /// <summary>How many of so many tokens stay.</summary>
    public int Remaining(int sample, int tokens)
    {
        if (options.WordDropout == 0)
        {
            return tokens;
        }
        RandomStream random = _drop.Derive(sample);
        int remaining = 0;
        for (int i = 0; i < tokens; i++)
        {
            remaining += Stays(random, i) ? 1 : 0;
        }
        return Math.Max(remaining, Math.Min(tokens, 1));
    }

    /// <summary>Changes tokens in place.</summary>
    /// <returns>How many stay, at the beginning.</returns>
    public int Apply(int sample, Span<float> tokens)
    {
        int length = Drop(_drop.Derive(sample), tokens);
        RandomStream swap = _swap.Derive(sample), mask = _mask.Derive(sample);
        for (int i = 0; i + 1 < length && options.Swap > 0; i++)
        {
            if (swap.Uniform(i) < options.Swap)
            {
                (tokens[i], tokens[i + 1]) = (tokens[i + 1], tokens[i]);
                i++;
            }
        }
        for (int i = 0; i < length && options.Masking > 0; i++)
        {
            tokens[i] = mask.Uniform(i) < options.Masking ? Vocabulary.Unknown : tokens[i];
        }
        return length;
    }

    private int Drop(RandomStream random, Span<float> tokens)
    {
        if (options.WordDropout == 0)
        {
            return tokens.Length;
        }
        int length = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (Stays(random, i))
            {
                tokens[length++] = tokens[i];
            }
        }
        return Math.Max(length, Math.Min(tokens.Length, 1));
    }

    private bool Stays(RandomStream random, int place) => random.Uniform(place) >= options.WordDropout;
}
