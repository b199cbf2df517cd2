using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// How much of a test part was trained on, word for word: scores on that tell little of texts that are new. Texts are known by 128 bits of their SHA-256, so that
/// they need not fit into memory.
/// </summary>
internal static class SeenBefore
{
    /// <summary>How many of the texts to score on stand among others.</summary>
    /// <param name="test">The texts to score on; each counts as often as it stands there.</param>
    /// <param name="before">The others.</param>
    public static int Count(IEnumerable<string> test, IEnumerable<string> before)
    {
        Dictionary<UInt128, int> unseen = [];
        foreach (string text in test)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(unseen, HashOf(text), out _)++;
        }
        int seen = 0;
        foreach (string text in before)
        {
            seen += unseen.Remove(HashOf(text), out int times) ? times : 0;
        }
        return seen;
    }

    /// <summary>What to know of scores on texts of which some were seen before.</summary>
    /// <param name="seen">How many were.</param>
    /// <param name="all">How many there are.</param>
    /// <param name="unit">What one is called.</param>
    /// <param name="plural">What several are called, where that is not one with an s.</param>
    public static string Note(int seen, int all, string unit, string? plural = null) => string.Create(CultureInfo.InvariantCulture,
        $"{seen} of the {Quantity.Of(all, $"test {unit}", $"test {plural ?? unit + "s"}")} ({100.0 * seen / all:0.0}%) {(seen == 1 ? "stands" : "stand")} word for word in the training or validation part too, so the scores are too good.");

    private static UInt128 HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
