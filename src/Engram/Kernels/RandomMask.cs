using System.Numerics;

namespace Engram.Kernels;

/// <summary>Masks of 0 with some probability, else 1 / (1 − rate), drawn from a counter-based stream.</summary>
internal static unsafe class RandomMask<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Elements [from, to) of a mask [samples, rowLength], of which element e of sample s takes number <c>s · rowLength + e</c> of the stream: zero where
    /// that uniform number is below the rate.
    /// </summary>
    public static void Fill(RandomStream random, int* samples, long rowLength, double rate, T* mask, long from, long to)
    {
        T keep = T.CreateTruncating(1 / (1 - rate));
        uint threshold = (uint)Math.Ceiling(rate * (1 << 24)); // u = k · 2⁻²⁴ is below the rate where k is below this
        while (from < to)
        {
            long row = from / rowLength, element = from - row * rowLength, count = Math.Min(to - from, rowLength - element);
            FillRow(random, samples[row] * rowLength + element, threshold, keep, mask + from, count);
            from += count;
        }
    }

    private static void FillRow(RandomStream random, long number, uint threshold, T keep, T* mask, long count)
    {
        T* end = mask + count;
        while (mask < end)
        {
            (uint a, uint b, uint c, uint d) = random.Block(number >> 2);
            if ((number & 3) == 0 && end - mask >= 4)
            {
                mask[0] = a >> 8 < threshold ? T.Zero : keep;
                mask[1] = b >> 8 < threshold ? T.Zero : keep;
                mask[2] = c >> 8 < threshold ? T.Zero : keep;
                mask[3] = d >> 8 < threshold ? T.Zero : keep;
                mask += 4;
                number += 4;
                continue;
            }
            uint bits = (number & 3) switch { 0 => a, 1 => b, 2 => c, _ => d };
            *mask++ = bits >> 8 < threshold ? T.Zero : keep;
            number++;
        }
    }
}
