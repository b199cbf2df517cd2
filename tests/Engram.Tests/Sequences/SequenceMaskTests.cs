namespace Engram.Tests.Sequences;

public sealed class SequenceMaskTests
{
    private const bool T = true, F = false;

    [Fact]
    public void A_pattern_with_gaps_and_an_empty_row_is_counted_and_ordered()
    {
        SequenceMask mask = SequenceMask.FromPattern([F, T, F, T, F, F, F, F, T, T, T, T, T, T, F, F], 4, 4);

        Assert.Equal([2, 0, 4, 2], mask.Lengths);
        Assert.Equal([1, 3], mask.RealSteps(0));
        Assert.Empty(mask.RealSteps(1).ToArray());
        Assert.Equal([0, 1, 2, 3], mask.RealSteps(2));
        Assert.Equal([2, 0, 3, 1], mask.ByLength);
        Assert.Equal(8, mask.RealCount);
        Assert.False(mask.IsFull);
        Assert.True(mask[0, 3]);
        Assert.False(mask[1, 0]);
    }

    [Fact]
    public void Lengths_are_patterns_padded_on_the_right()
    {
        SequenceMask mask = SequenceMask.FromLengths([2, 0, 3], 3);
        Assert.Equal([T, T, F, F, F, F, T, T, T], mask.Pattern);
        Assert.Equal([2, 0, 3], mask.Lengths);
        Assert.Equal([2, 0, 1], mask.ByLength);
        Assert.True(SequenceMask.FromLengths([3, 3], 3).IsFull);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_length_outside_the_time_axis_is_named(int length)
    {
        ShapeException error = Assert.Throws<ShapeException>(() => SequenceMask.FromLengths([3, length], 3));
        Assert.Equal($"lengths: sequence 1 has length {length}, but a length is 0 … 3, the size of the time axis.", error.Message);
    }

    [Fact]
    public void A_pattern_of_another_size_is_refused()
    {
        Assert.Contains("6 values, but 5", Assert.Throws<ShapeException>(() => SequenceMask.FromPattern(new bool[5], 2, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceMask.FromPattern([], -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceMask.FromLengths([1], -2));
    }

    [Fact]
    public void Indices_outside_are_refused()
    {
        SequenceMask mask = SequenceMask.FromLengths([1, 2], 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask[0, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask[0, -1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => mask.RealSteps(-1).Length);
    }

    [Fact]
    public void Refilling_with_a_smaller_batch_leaves_nothing_of_the_larger()
    {
        SequenceMask mask = SequenceMask.FromLengths([1, 2, 3, 4], 4);
        mask.Refill([F, T, T, F], 2, 2);
        Assert.Equal([1, 1], mask.Lengths);
        Assert.Equal([0, 1], mask.ByLength);
        Assert.Equal([1], mask.RealSteps(0));
        Assert.Equal([0], mask.RealSteps(1));
        Assert.Equal(2, mask.RealCount);
    }

    [Fact]
    public void No_sequences_and_no_steps_are_masks_too()
    {
        Assert.Equal(0, SequenceMask.FromLengths([], 5).RealCount);
        Assert.Equal([0, 0], SequenceMask.FromLengths([0, 0], 0).Lengths);
    }
}
