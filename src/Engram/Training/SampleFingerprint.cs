using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Engram.Training;

/// <summary>The SHA-256 of all samples of a source: their shapes, numbers and masks.</summary>
internal static class SampleFingerprint
{
    private const int NumbersAtOnce = 1 << 18;

    public static string Of(ISampleSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, source.InputShape, source.Count);
        Append(hash, source.TargetShape, source.Count);
        long size = Math.Max(1, source.InputShape.Count + source.TargetShape.Count);
        int atOnce = (int)Math.Clamp(NumbersAtOnce / size, 1, Math.Max(1, source.Count));
        int[] samples = new int[atOnce];
        float[] inputs = new float[atOnce * source.InputShape.Count], targets = new float[atOnce * source.TargetShape.Count];
        bool[] mask = source.HasMask ? new bool[atOnce * source.InputShape[0]] : [];
        for (int first = 0; first < source.Count; first += atOnce)
        {
            int count = Math.Min(atOnce, source.Count - first);
            for (int i = 0; i < count; i++)
            {
                samples[i] = first + i;
            }
            Span<float> x = inputs.AsSpan(0, (int)(count * source.InputShape.Count)), y = targets.AsSpan(0, (int)(count * source.TargetShape.Count));
            source.Read(samples.AsSpan(0, count), x, y);
            hash.AppendData(MemoryMarshal.AsBytes(x));
            hash.AppendData(MemoryMarshal.AsBytes(y));
            if (source.HasMask)
            {
                Span<bool> real = mask.AsSpan(0, count * source.InputShape[0]);
                source.ReadMask(samples.AsSpan(0, count), real);
                hash.AppendData(MemoryMarshal.AsBytes(real));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>One text for several.</summary>
    public static string Of(IEnumerable<string> fingerprints)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string fingerprint in fingerprints)
        {
            hash.AppendData(MemoryMarshal.AsBytes(fingerprint.AsSpan()));
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Shape shape, int count)
    {
        int[] sizes = [count, .. shape.ToArray()];
        hash.AppendData(MemoryMarshal.AsBytes<int>(sizes));
    }
}
