using CsCheck;

namespace Engram.Data.Tests.Windows;

public sealed class SlidingWindowsTests
{
    /// <summary>Rows r of two features: r and 100 + r.</summary>
    private static float[] Matrix(int rows)
    {
        float[] values = new float[rows * 2];
        for (int row = 0; row < rows; row++)
        {
            values[row * 2] = row;
            values[(row * 2) + 1] = 100 + row;
        }
        return values;
    }

    private static (float[] Input, float[] Target) ReadOne(SlidingWindows windows, int sample)
    {
        float[] input = new float[windows.InputShape.Count];
        float[] target = new float[windows.TargetShape.Count];
        windows.Read([sample], input, target);
        return (input, target);
    }

    private static int[] LastRows(SlidingWindows windows) => [.. Enumerable.Range(0, windows.Count).Select(windows.LastInputRow)];

    [Fact]
    public void A_sample_is_the_rows_before_and_the_target_after()
    {
        SlidingWindows windows = new(Matrix(6), 2, new() { Window = 3, Horizon = 2 });
        Assert.Equal(2, windows.Count);
        Assert.Equal("[3, 2]", windows.InputShape.ToString());
        Assert.Equal("[2]", windows.TargetShape.ToString());
        (float[] input, float[] target) = ReadOne(windows, 1);
        Assert.Equal([1, 101, 2, 102, 3, 103], input);
        Assert.Equal([4, 5], target);
        Assert.Equal(3, windows.LastInputRow(1));
    }

    [Fact]
    public void Several_samples_are_written_one_after_the_other_in_any_order()
    {
        SlidingWindows windows = new(Matrix(6), 2, new() { Window = 1 });
        float[] inputs = new float[4], targets = new float[2];
        windows.Read([4, 0], inputs, targets);
        Assert.Equal([4, 104, 0, 100], inputs);
        Assert.Equal([5, 1], targets);
    }

    [Fact]
    public void Targets_lie_wholly_in_their_part_while_inputs_reach_back_before_it()
    {
        SlidingWindows windows = new(Matrix(20), 2, new() { Window = 4, Horizon = 2, TargetRows = 10..15 });
        Assert.Equal([9, 10, 11, 12], LastRows(windows));
    }

    [Fact]
    public void Parts_that_follow_each_other_share_no_target()
    {
        SlidingWindows train = new(Matrix(20), 2, new() { Window = 4, TargetRows = ..10 });
        SlidingWindows test = new(Matrix(20), 2, new() { Window = 4, TargetRows = 10.. });
        Assert.Equal(8, LastRows(train)[^1]);
        Assert.Equal(9, LastRows(test)[0]);
        Assert.Equal(20 - 4, train.Count + test.Count);
    }

    [Fact]
    public void No_window_crosses_a_gap()
    {
        SlidingWindows windows = new(Matrix(12), 2, new() { Window = 2, Horizon = 2, SegmentStarts = [0, 5, 8] });
        Assert.Equal([1, 2, 9], LastRows(windows));
    }

    [Fact]
    public void Made_up_targets_are_never_targets()
    {
        bool[] filled = new bool[12];
        filled[4] = filled[5] = filled[9] = true;
        SlidingWindows windows = new(Matrix(12), 2, new() { Window = 2, Horizon = 2, Filled = filled });
        Assert.Equal([1, 5, 6, 9], LastRows(windows));
    }

    [Fact]
    public void Made_up_targets_leave_out_exactly_the_samples_that_hold_them() =>
        Check.Sample(
            Gen.Select(Gen.Bool.Array[1, 40], Gen.Int[1, 4], Gen.Int[1, 4]),
            (filled, window, horizon) =>
            {
                SlidingWindows windows = new(new float[filled.Length], 1, new() { Window = window, Horizon = horizon, Filled = filled });
                int[] expected = [.. Enumerable.Range(0, filled.Length).Where(last =>
                    last >= window - 1 && last + horizon < filled.Length && !filled.AsSpan(last + 1, horizon).Contains(true))];
                return expected.SequenceEqual(LastRows(windows));
            });

    [Fact]
    public void The_last_value_comes_off_every_target_and_goes_back_on()
    {
        SlidingWindows windows = new(Matrix(8), 2, new() { Window = 3, Horizon = 3, Residual = WindowResidual.LastValue });
        Assert.Equal([1, 2, 3], ReadOne(windows, 0).Target);
        Assert.Equal(2, windows.Baseline(windows.LastInputRow(0), step: 3));
    }

    [Fact]
    public void The_season_before_comes_off_each_target()
    {
        // Season 2: step 1 from row r + 1 looks at r − 1, step 2 at r, step 3 at r − 1 again.
        SlidingWindows windows = new(Matrix(8), 2, new() { Window = 3, Horizon = 3, Residual = WindowResidual.Seasonal, Season = 2 });
        Assert.Equal([2, 2, 4], ReadOne(windows, 0).Target);
        Assert.Equal(1, windows.Baseline(2, step: 1));
        Assert.Equal(2, windows.Baseline(2, step: 2));
        Assert.Equal(1, windows.Baseline(2, step: 3));
    }

    [Fact]
    public void A_season_longer_than_the_window_must_have_been_seen()
    {
        SlidingWindows windows = new(Matrix(12), 2, new() { Window = 2, Residual = WindowResidual.Seasonal, Season = 7 });
        Assert.Equal([6, 7, 8, 9, 10], LastRows(windows));
    }

    [Fact]
    public void Relative_features_lose_their_level()
    {
        SlidingWindows windows = new(Matrix(8), 2, new() { Window = 3, RelativeFeatures = [0] });
        Assert.Equal([-2, 101, -1, 102, 0, 103], ReadOne(windows, 1).Input);
    }

    [Fact]
    public void Windows_for_predicting_need_no_targets()
    {
        SlidingWindows windows = new(Matrix(6), 2, new() { Window = 3, Horizon = 4, InputsOnly = true });
        Assert.Equal([2, 3, 4, 5], LastRows(windows));
        float[] input = new float[6];
        windows.Read([3], input, []);
        Assert.Equal([3, 103, 4, 104, 5, 105], input);
        Assert.Throws<InvalidOperationException>(() => windows.Read([0], input, new float[4]));
    }

    [Fact]
    public void Reading_makes_no_garbage()
    {
        SlidingWindows windows = new(Matrix(1000), 2, new() { Window = 50, Horizon = 3, SegmentStarts = [0, 300], Residual = WindowResidual.LastValue, RelativeFeatures = [0] });
        int[] samples = [5, 500, 17];
        float[] inputs = new float[samples.Length * 100], targets = new float[samples.Length * 3];
        windows.Read(samples, inputs, targets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        windows.Read(samples, inputs, targets);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_threads_read_the_same_as_one()
    {
        SlidingWindows windows = new(Matrix(1000), 2, new() { Window = 20 });
        float[][] alone = [.. Enumerable.Range(0, windows.Count).Select(sample => ReadOne(windows, sample).Input)];
        float[][] together = new float[windows.Count][];
        Parallel.For(0, windows.Count, sample => together[sample] = ReadOne(windows, sample).Input);
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Too_few_rows_make_no_sample() => Assert.Equal(0, new SlidingWindows(Matrix(3), 2, new() { Window = 3 }).Count);

    [Fact]
    public void Wrong_arguments_are_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindows(Matrix(3), 2, new() { Window = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindows(Matrix(3), 2, new() { Window = 1, Horizon = 0 }));
        Assert.Throws<ArgumentException>(() => new SlidingWindows(new float[5], 2, new() { Window = 1 }));
        Assert.Throws<ArgumentException>(() => new SlidingWindows(Matrix(3), 2, new() { Window = 1, TargetRows = ..9 }));
        Assert.Throws<ArgumentException>(() => new SlidingWindows(Matrix(3), 2, new() { Window = 1, Residual = WindowResidual.Seasonal }));
        Assert.Throws<ArgumentException>(() => new SlidingWindows(Matrix(3), 2, new() { Window = 1, RelativeFeatures = [2] }));
        SlidingWindows windows = new(Matrix(3), 2, new() { Window = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => windows.LastInputRow(2));
        Assert.Throws<ArgumentException>(() => windows.Read([0], new float[1], []));
        Assert.Throws<ArgumentException>(() => windows.Read([0], new float[2], new float[2]));
    }
}
