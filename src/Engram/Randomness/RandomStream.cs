using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Engram;

/// <summary>
/// A stream of random numbers that is a pure function of its key and an index: number 17 is the same whoever asks for it, in
/// whatever order, on whatever thread. Streams for different purposes are derived from a seed by name and number, so that adding
/// a dropout layer does not change how weights are initialised, and a resumed run draws what the uncut one would have drawn.
/// The generator is Philox-4×32-10 (Salmon et al. 2011, «Parallel random numbers: as easy as 1, 2, 3»).
/// </summary>
public readonly struct RandomStream : IEquatable<RandomStream>
{
    private readonly ulong _key;

    /// <summary>The root stream of a seed; every seed is allowed.</summary>
    public RandomStream(long seed) => _key = Mix(unchecked((ulong)seed));

    private RandomStream(ulong key, ulong word) => _key = Mix(key ^ BitOperations.RotateLeft(Mix(word), 23));

    /// <summary>The independent stream for a named purpose.</summary>
    public RandomStream Derive(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ulong hash = 14695981039346656037; // FNV-1a over the UTF-8 bytes
        int count = Encoding.UTF8.GetByteCount(purpose);
        Span<byte> bytes = count <= 256 ? stackalloc byte[count] : new byte[count];
        Encoding.UTF8.GetBytes(purpose, bytes);
        foreach (byte b in bytes)
        {
            hash = unchecked((hash ^ b) * 1099511628211);
        }
        return new RandomStream(_key, hash);
    }

    /// <summary>The independent stream for a number: an epoch, a batch, a layer.</summary>
    public RandomStream Derive(long number) => new(_key, unchecked((ulong)number + 0x9E3779B97F4A7C15));

    /// <summary>32 random bits.</summary>
    public uint Bits(long index)
    {
        (uint a, uint b, uint c, uint d) = Block(index >> 2);
        return (index & 3) switch { 0 => a, 1 => b, 2 => c, _ => d };
    }

    /// <summary>A number in [0, 1), a multiple of 2⁻²⁴.</summary>
    public float Uniform(long index) => (Bits(index) >> 8) * (1f / (1 << 24));

    /// <summary>A standard normal number, by Box and Muller's transform.</summary>
    public float Normal(long index)
    {
        (uint a, uint b, _, _) = Block(index);
        double radius = Math.Sqrt(-2 * Math.Log((a + 1.0) * (1.0 / 4294967296)));
        return (float)(radius * Math.Cos(2 * Math.PI * b * (1.0 / 4294967296)));
    }

    /// <summary>Puts the items in a random order, every order equally likely (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)(((ulong)Bits(i) * (ulong)(i + 1)) >> 32);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <inheritdoc/>
    public bool Equals(RandomStream other) => _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RandomStream other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode();

    /// <summary>Whether two streams give the same numbers.</summary>
    public static bool operator ==(RandomStream left, RandomStream right) => left.Equals(right);

    /// <summary>Whether two streams give different numbers.</summary>
    public static bool operator !=(RandomStream left, RandomStream right) => !left.Equals(right);

    /// <summary>Four words of random bits: block <paramref name="index"/> of the stream.</summary>
    internal (uint A, uint B, uint C, uint D) Block(long index) => Philox((ulong)index, 0, _key);

    /// <summary>Philox-4×32-10: ten rounds over a counter of 128 bits under a key of 64.</summary>
    internal static (uint A, uint B, uint C, uint D) Philox(ulong counterLow, ulong counterHigh, ulong key)
    {
        uint a = (uint)counterLow, b = (uint)(counterLow >> 32), c = (uint)counterHigh, d = (uint)(counterHigh >> 32);
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = 0xD2511F53UL * a, product1 = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(product1 >> 32) ^ b ^ key0, (uint)product1, (uint)(product0 >> 32) ^ d ^ key1, (uint)product0);
            key0 = unchecked(key0 + 0x9E3779B9);
            key1 = unchecked(key1 + 0xBB67AE85);
        }
        return (a, b, c, d);
    }

    /// <summary>Blocks <paramref name="index"/> … index + 3, word by word: A of the four, then B, C and D.</summary>
    internal unsafe void FourBlocks(long index, uint* words)
    {
        if (Avx2.IsSupported)
        {
            FourPhilox((ulong)index, _key, words);
            return;
        }
        for (int i = 0; i < 4; i++)
        {
            (words[i], words[4 + i], words[8 + i], words[12 + i]) = Block(index + i);
        }
    }

    /// <summary>Four times <see cref="Philox"/>, side by side, each word in the lower half of 64 bits.</summary>
    private static unsafe void FourPhilox(ulong counter, ulong key, uint* words)
    {
        Vector256<ulong> low = Vector256.Create(0xFFFFFFFFUL), counters = Vector256.Create(counter) + Vector256.Create(0UL, 1, 2, 3);
        Vector256<ulong> a = counters & low, b = counters >> 32, c = Vector256<ulong>.Zero, d = Vector256<ulong>.Zero;
        Vector256<uint> factor0 = Vector256.Create(0xD2511F53UL).AsUInt32(), factor1 = Vector256.Create(0xCD9E8D57UL).AsUInt32();
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            Vector256<ulong> product0 = Avx2.Multiply(factor0, a.AsUInt32()), product1 = Avx2.Multiply(factor1, c.AsUInt32());
            (a, b, c, d) = (
                (product1 >> 32) ^ b ^ Vector256.Create((ulong)key0), product1 & low, (product0 >> 32) ^ d ^ Vector256.Create((ulong)key1), product0 & low);
            key0 = unchecked(key0 + 0x9E3779B9);
            key1 = unchecked(key1 + 0xBB67AE85);
        }
        Vector128.Narrow(a.GetLower(), a.GetUpper()).Store(words);
        Vector128.Narrow(b.GetLower(), b.GetUpper()).Store(words + 4);
        Vector128.Narrow(c.GetLower(), c.GetUpper()).Store(words + 8);
        Vector128.Narrow(d.GetLower(), d.GetUpper()).Store(words + 12);
    }

    // The finaliser of SplitMix64 (Steele et al. 2014): every input bit moves every output bit.
    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x += 0x9E3779B97F4A7C15;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }
}
