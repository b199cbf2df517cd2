using System.Collections;
using System.IO.Compression;

namespace Engram.Data;

/// <summary>What characters decompose into and compose to, from the Unicode character database (scripts/make-normalization-table.py).</summary>
internal sealed class NormalizationTable
{
    private static readonly Lazy<NormalizationTable> _shared = new(() => new NormalizationTable());

    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, (int[] Parts, bool IsCompatibility)> _decompositions = [];
    private readonly Dictionary<long, int> _compositions = [];
    private readonly BitArray _plain = new(0x10000, true), _plainForCompatibility;

    private NormalizationTable()
    {
        using Stream packed = typeof(NormalizationTable).Assembly.GetManifestResourceStream("Engram.Data.Normalization.bin")
            ?? throw new InvalidOperationException("The table of Unicode normalisation is missing from the library.");
        using DeflateStream table = new(packed, CompressionMode.Decompress);
        using BinaryReader reader = new(table);
        for (int left = reader.Read7BitEncodedInt(), point = 0; left > 0; left--)
        {
            point += reader.Read7BitEncodedInt();
            _classes.Add(point, (byte)reader.Read7BitEncodedInt());
            Spoil(_plain, point);
        }
        for (int left = reader.Read7BitEncodedInt(), point = 0; left > 0; left--)
        {
            point += reader.Read7BitEncodedInt();
            int flags = reader.Read7BitEncodedInt();
            int[] parts = new int[reader.Read7BitEncodedInt()];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = reader.Read7BitEncodedInt();
            }
            (bool isCompatibility, bool composes) = ((flags & 1) != 0, (flags & 2) != 0);
            _decompositions.Add(point, (parts, isCompatibility));
            if (composes)
            {
                _compositions.Add(Pair(parts[0], parts[1]), point);
                Spoil(_plain, parts[1]);
            }
            else if (!isCompatibility)
            {
                Spoil(_plain, point);
            }
        }
        for (int jamo = Hangul.FirstVowel; jamo < Hangul.FirstTail + Hangul.Tails; jamo++)
        {
            Spoil(_plain, jamo);
        }
        _plainForCompatibility = new BitArray(_plain);
        foreach ((int point, (_, bool isCompatibility)) in _decompositions)
        {
            if (isCompatibility)
            {
                Spoil(_plainForCompatibility, point);
            }
        }
    }

    /// <summary>The table.</summary>
    public static NormalizationTable Shared => _shared.Value;

    /// <summary>Whether a text of such characters is in its normal form, whatever their order; of what lies beyond U+FFFF nothing is said.</summary>
    public bool IsPlain(char character, bool compatibility) => (compatibility ? _plainForCompatibility : _plain)[character] && !char.IsSurrogate(character);

    /// <summary>The canonical combining class; 0 for letters that marks stand on.</summary>
    public byte ClassOf(int point) => _classes.GetValueOrDefault(point);

    /// <summary>What a character decomposes into at once; null where it does not.</summary>
    public int[]? PartsOf(int point, bool compatibility) =>
        _decompositions.TryGetValue(point, out (int[] Parts, bool IsCompatibility) found) && (compatibility || !found.IsCompatibility) ? found.Parts : null;

    /// <summary>What two characters compose to.</summary>
    public bool TryCompose(int first, int second, out int composed) => _compositions.TryGetValue(Pair(first, second), out composed);

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    private static void Spoil(BitArray plain, int point)
    {
        if (point < plain.Length)
        {
            plain[point] = false;
        }
    }
}
