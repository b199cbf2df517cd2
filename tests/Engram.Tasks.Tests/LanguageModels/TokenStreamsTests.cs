namespace Engram.Tasks.Tests.LanguageModels;

public sealed class TokenStreamsTests
{
    [Theory]
    [InlineData(100, 3, 7)]
    [InlineData(23, 5, 2)]
    [InlineData(8, 7, 4)]
    [InlineData(50, 1, 100)]
    [InlineData(2, 1, 1)]
    [InlineData(41, 8, 5)]
    public void Every_pair_of_tokens_is_there_once_and_streams_go_on(int count, int streams, int steps)
    {
        int[] tokens = [.. Enumerable.Range(100, count)];
        TokenStreams source = new(TokenSequence.Of(tokens), streams, steps, wholeWindowsOnly: false);

        List<int>[] read = ReadAll(source, streams, out bool isMasked);

        Assert.Equal(tokens[..^1], read.SelectMany(stream => stream).Order());
        Assert.All(read, stream => Assert.Equal(stream.Count == 0 ? [] : Enumerable.Range(stream[0], stream.Count), stream));
        Assert.Equal(source.HasMask, isMasked);
    }

    [Theory]
    [InlineData(100, 3, 7)]
    [InlineData(41, 8, 5)]
    public void Whole_windows_alone_need_no_mask(int count, int streams, int steps)
    {
        TokenStreams source = new(TokenSequence.Of([.. Enumerable.Range(0, count)]), streams, steps, wholeWindowsOnly: true);

        List<int>[] read = ReadAll(source, streams, out bool isMasked);

        Assert.False(source.HasMask);
        Assert.False(isMasked);
        Assert.All(read, stream => Assert.Equal((count - 1) / streams / steps * steps, stream.Count));
        Assert.Equal(read.SelectMany(stream => stream).Distinct().Count(), read.Sum(stream => stream.Count));
    }

    /// <summary>The inputs of each stream; targets are checked to be the next tokens.</summary>
    private static List<int>[] ReadAll(TokenStreams source, int streams, out bool isMasked)
    {
        int steps = source.InputShape[0];
        List<int>[] read = [.. Enumerable.Range(0, streams).Select(_ => new List<int>())];
        float[] inputs = new float[streams * steps], targets = new float[streams * steps];
        bool[] mask = new bool[streams * steps];
        isMasked = false;
        Assert.Equal(0, source.Count % streams);
        for (int first = 0; first < source.Count; first += streams)
        {
            int[] batch = [.. Enumerable.Range(first, streams)];
            Assert.All(batch, sample => Assert.Equal(first == 0, source.StartsSequence(sample)));
            source.Read(batch, inputs, targets);
            source.ReadMask(batch, mask);
            for (int i = 0; i < inputs.Length; i++)
            {
                isMasked |= !mask[i];
                if (mask[i])
                {
                    Assert.Equal(inputs[i] + 1, targets[i]);
                    read[i / steps].Add((int)inputs[i]);
                }
            }
        }
        return read;
    }
}
