using System.Numerics;

namespace Engram.Kernels;

/// <summary>Masks of one number with some probability, else of another, drawn from a counter-based stream.</summary>
internal static unsafe class RandomMask<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Elements [from, to) of a mask [samples, rowLength], of which element e of sample s takes number <c>s · rowLength + e</c> of the stream: drawn
    /// where that uniform number is below the rate.
    /// </summary>
    public static void Fill(RandomStream random, int* samples, long rowLength, double rate, T drawn, T other, T* mask, long from, long to)
    {
        T* values = stackalloc T[2]; // indexed rather than chosen by a branch, which would be guessed wrong at random
        (values[0], values[1]) = (other, drawn);
        uint threshold = (uint)Math.Ceiling(rate * (1 << 24)); // u = k · 2⁻²⁴ is below the rate where k is below this
        while (from < to)
        {
            long row = from / rowLength, element = from - row * rowLength, count = Math.Min(to - from, rowLength - element);
            FillRow(random, samples[row] * rowLength + element, threshold, values, mask + from, count);
            from += count;
        }
    }

    private static void FillRow(RandomStream random, long number, uint threshold, T* values, T* mask, long count)
    {
        T* end = mask + count;
        uint* words = stackalloc uint[16];
        while (mask < end)
        {
            if ((number & 3) == 0 && end - mask >= 16)
            {
                random.FourBlocks(number >> 2, words);
                for (int i = 0; i < 16; i++)
                {
                    mask[i] = values[IsBelow(words[(i & 3) * 4 + (i >> 2)], threshold)];
                }
                mask += 16;
                number += 16;
                continue;
            }
            (uint a, uint b, uint c, uint d) = random.Block(number >> 2);
            uint bits = (number & 3) switch { 0 => a, 1 => b, 2 => c, _ => d };
            *mask++ = values[IsBelow(bits, threshold)];
            number++;
        }
    }

    /// <summary>1 where the upper 24 bits are below the threshold, else 0.</summary>
    private static nuint IsBelow(uint bits, uint threshold) => ((bits >> 8) - threshold) >> 31;
}
