using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Engram.Tasks.Tests.LanguageModels;

public sealed class TokenSequenceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    [InlineData(1 << 30)]
    public void Ids_come_back_from_memory_and_from_the_file(long memoryLimit)
    {
        int[] ids = [.. Enumerable.Range(0, 700_000).Select(i => i * 31 % 1009)];
        using TokenSequence sequence = new(memoryLimit);
        for (int first = 0, length = 0; first < ids.Length; first += length, length = (length * 3) + 1)
        {
            length = Math.Min(length, ids.Length - first);
            sequence.Add(ids.AsSpan(first, length));
        }
        sequence.Complete();

        Assert.Equal(ids.Length, sequence.Length);
        Assert.Equal(ids, sequence.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(ids.AsSpan()))), sequence.Sha256());
        foreach (int first in (int[])[0, 1, 65_535, 65_536, 131_000, 400_000])
        {
            float[] read = new float[200_000];
            sequence.CopyTo(first, read);
            Assert.Equal(ids.Skip(first).Take(read.Length).Select(id => (float)id), read);
        }
    }

    [Fact]
    public void There_may_be_none() => Assert.Equal((0, 0), (TokenSequence.Of().Length, TokenSequence.Of().ToArray().Length));
}
