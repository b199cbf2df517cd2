using Engram.Kernels;

namespace Engram.Tests.Kernels;

public sealed unsafe class RandomMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(37)]
    [InlineData(64)]
    public void Every_element_is_the_comparison_of_its_own_uniform_number(int rowLength)
    {
        RandomStream random = new RandomStream(3).Derive("mask");
        int[] samples = [5, 0, 17];
        foreach (double rate in (double[])[0.1, 0.5, 1.0 / 3, 0.999])
        {
            float[] whole = new float[3 * rowLength], parts = new float[3 * rowLength];
            fixed (int* s = samples)
            {
                fixed (float* w = whole, p = parts)
                {
                    RandomMask<float>.Fill(random, s, rowLength, rate, 0, (float)(1 / (1 - rate)), w, 0, whole.Length);
                    for (int cut = 0; cut <= whole.Length; cut++)
                    {
                        RandomMask<float>.Fill(random, s, rowLength, rate, 0, (float)(1 / (1 - rate)), p, 0, cut);
                        RandomMask<float>.Fill(random, s, rowLength, rate, 0, (float)(1 / (1 - rate)), p, cut, whole.Length);
                        Assert.Equal(whole, parts);
                        Array.Clear(parts);
                    }
                }
            }
            for (int i = 0; i < whole.Length; i++)
            {
                bool dropped = random.Uniform((long)samples[i / rowLength] * rowLength + i % rowLength) < rate;
                Assert.Equal(dropped ? 0 : (float)(1 / (1 - rate)), whole[i]);
            }
        }
    }
}
