using System.Text.Json;

namespace Engram.Data.Tests.Series;

/// <summary>The rules of <see cref="SeriesData"/>, one by one.</summary>
public sealed class SeriesDataTests
{
    private const double NaN = double.NaN;

    private static TimeColumn Hours(params int[] hours) => new("t", [.. hours.Select(hour => new DateTime(2024, 1, 1).AddHours(hour))]);

    private static NumberColumn Y(params double[] values) => new("y", values);

    private static SeriesData Make(SeriesOptions? options, params Column[] columns) => SeriesData.FromTable(new Table(columns), options ?? new SeriesOptions { Target = "y" });

    private static double[] Target(SeriesData series) => series.Target(Range.All);

    private static int[] Range0(int count) => [.. Enumerable.Range(0, count)];

    [Fact]
    public void Rows_are_sorted_by_time_and_equal_stamps_averaged()
    {
        SeriesData series = Make(null, Hours(3, 1, 2, 1), Y(30, 10, 20, 14));
        Assert.Equal([12, 20, 30], Target(series));
        Assert.Equal(3, series.OriginalRowCount);
        Assert.Contains("Sorted by time: the rows were not in order.", series.Notes);
        Assert.Contains("1 time stamp occurred more than once: 1 row fewer, the mean was taken.", series.Notes);
    }

    [Fact]
    public void Of_equal_stamps_known_numbers_and_the_first_word_count()
    {
        SeriesData series = Make(
            new() { Target = "y", Features = ["w"] }, Hours(0, 0, 1, 2), Y(NaN, 4, 5, 6), new TextColumn("w", ["a", "b", "b", "a"]));
        Assert.Equal([4, 1, 0], series.Values.Span[..3].ToArray());
    }

    [Fact]
    public void Rows_in_order_are_not_said_to_be_sorted()
    {
        SeriesData series = Make(null, Hours(0, 1, 2), Y(1, 2, 3));
        Assert.Equal(["The time is taken from column 't'.", "The step is hourly."], series.Notes);
    }

    [Fact]
    public void Rows_without_a_stamp_are_left_out()
    {
        SeriesData series = Make(null, new TimeColumn("t", [new(2024, 1, 1), DateTime.MinValue, new(2024, 1, 2), new(2024, 1, 3)]), Y(1, 2, 3, 4));
        Assert.Equal([1, 3, 4], Target(series));
        Assert.Contains("1 row without a time stamp left out.", series.Notes);
    }

    [Fact]
    public void Short_gaps_are_filled_with_the_value_before_and_marked()
    {
        SeriesData series = Make(null, Hours([.. Range0(30).Where(hour => hour is not (5 or 6))]), Y([.. Range0(30).Where(hour => hour is not (5 or 6)).Select(hour => (double)hour * hour)]));
        Assert.Equal(30, series.RowCount);
        Assert.Equal(28, series.OriginalRowCount);
        Assert.Equal([16, 16, 16, 49], Target(series)[4..8]);
        Assert.Equal([5, 6], Range0(30).Where(row => series.Filled.Span[row]));
        Assert.Equal(new DateTime(2024, 1, 1, 6, 0, 0), series.Times.Span[6]);
    }

    /// <summary>A window that ends in a gap must not know what follows: half of a random walk's cells are empty, and hours are missing too.</summary>
    [Fact]
    public void What_comes_later_never_fills_a_gap()
    {
        var random = new RandomStream(3);
        int[] hours = [.. Range0(200).Where(hour => hour < 2 || random.Uniform(hour) < 0.8)];
        double[] y = [.. hours.Select((hour, i) => i > 0 && i < hours.Length - 1 && random.Uniform(1000 + i) < 0.5 ? NaN : random.Normal(hour))];
        SeriesData before = Make(null, Hours(hours), Y(y));

        for (int changed = 10; changed < hours.Length; changed++)
        {
            SeriesData after = Make(null, Hours(hours), Y([.. y.Select((value, i) => i < changed ? value : value + 1000)]));

            Assert.Equal(before.RowCount, after.RowCount);
            Assert.Equal(Target(before)[..hours[changed]], Target(after)[..hours[changed]]);
        }
    }

    [Fact]
    public void Numbers_that_may_be_times_are_told()
    {
        SeriesData series = Make(null, new NumberColumn("ts", [.. Range0(30).Select(i => 1_700_000_000.0 + 3600 * i)]), Y([.. Range0(30).Select(i => (double)i)]));
        Assert.Contains(series.Notes, note => note.Contains("'ts' may be seconds or milliseconds since 1970", StringComparison.Ordinal));
    }

    [Fact]
    public void A_series_that_is_mostly_made_up_is_told()
    {
        int[] hours = [.. Range0(240).Where(hour => hour % 24 is >= 9 and <= 16)];
        SeriesData series = Make(null, Hours(hours), Y([.. hours.Select(hour => (double)hour)]));
        Assert.Contains(series.Notes, note => note.StartsWith("The steps put in are 64% of the rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Long_gaps_split_the_series()
    {
        int[] hours = [.. Range0(100).Where(hour => hour is < 40 or > 70)];
        SeriesData series = Make(null, Hours(hours), Y([.. hours.Select(hour => (double)hour)]));
        Assert.Equal(hours.Length, series.RowCount);
        Assert.Equal([0, 40], series.SegmentStarts);
        Assert.DoesNotContain(true, series.Filled.ToArray());
        Assert.Contains("1 gap of more than 24 steps (31 missing steps in all): the series is split there.", series.Notes);
    }

    [Fact]
    public void The_longest_gap_to_fill_may_be_chosen()
    {
        int[] hours = [.. Range0(30).Where(hour => hour is not (5 or 6))];
        SeriesData series = Make(new() { Target = "y", MaximumGap = 1 }, Hours(hours), Y([.. hours.Select(hour => (double)hour)]));
        Assert.Equal([0, 5], series.SegmentStarts);
        Assert.Equal(1, series.Schema.MaximumGap);
    }

    [Fact]
    public void Holidays_of_business_days_are_no_gaps()
    {
        DateTime[] days = [.. Range0(40).Select(day => new DateTime(2024, 1, 1).AddDays(day)).Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && day.Day != 15)];
        SeriesData series = Make(null, new TimeColumn("t", days), Y([.. Range0(days.Length).Select(i => (double)i)]));
        Assert.Equal(TimeStep.BusinessDaily, series.Step);
        Assert.Equal(days.Length, series.RowCount);
        Assert.Equal([0], series.SegmentStarts);
    }

    [Fact]
    public void Missing_months_are_put_in()
    {
        DateTime[] months = [.. Range0(24).Where(month => month != 5).Select(month => new DateTime(2020, 1, 31).AddMonths(month)).Select(day => new DateTime(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month)))];
        SeriesData series = Make(null, new TimeColumn("t", months), Y([.. Range0(24).Where(month => month != 5).Select(month => (double)month)]));
        Assert.Equal(24, series.RowCount);
        Assert.Equal(4, Target(series)[5]);
        Assert.Equal(new DateTime(2020, 6, 30), series.Times.Span[5]);
    }

    [Fact]
    public void Missing_values_inside_are_filled_and_at_the_ends_left_out()
    {
        SeriesData series = Make(null, Hours(Range0(8)), Y(NaN, NaN, 1, NaN, 3, 4, 5, NaN));
        Assert.Equal([1, 1, 3, 4, 5], Target(series));
        Assert.Equal([false, true, false, false, false], series.Filled.ToArray());
        Assert.Contains("1 missing value of 'y' filled with the value before.", series.Notes);
        Assert.Contains("The first 2 rows left out: a value is missing there.", series.Notes);
        Assert.Contains("The last 1 row left out: a value is missing there.", series.Notes);
    }

    [Fact]
    public void Long_runs_of_missing_values_split_the_series()
    {
        SeriesData series = Make(new() { Target = "y", MaximumGap = 2 }, Hours(Range0(8)), Y(1, 2, NaN, NaN, NaN, 6, 7, 8));
        Assert.Equal([1, 2, 6, 7, 8], Target(series));
        Assert.Equal([0, 2], series.SegmentStarts);
        Assert.Equal(5, series.OriginalRowCount);
        Assert.Contains("3 rows left out in runs of more than 2 missing values: the series is split there into 2 stretches.", series.Notes);
    }

    [Fact]
    public void A_missing_feature_is_filled_without_marking_the_target_as_made_up()
    {
        SeriesData series = Make(new() { Target = "y", Features = ["x"] }, Hours(0, 1, 2), Y(1, 2, 3), new NumberColumn("x", [10, NaN, 30]));
        Assert.Equal([1, 10, 2, 10, 3, 30], series.Values.ToArray());
        Assert.DoesNotContain(true, series.Filled.ToArray());
    }

    [Fact]
    public void Without_times_rows_are_taken_in_their_order()
    {
        SeriesData series = Make(null, Y(3, 1, 2));
        Assert.Equal([3, 1, 2], Target(series));
        Assert.Equal(TimeStep.None, series.Step);
        Assert.True(series.Times.IsEmpty);
        Assert.Equal(["No column holds times: rows are taken in their order."], series.Notes);
        Assert.Equal([3, 1, 2], Target(Make(new() { Target = "y", Time = [] }, Hours(3, 1, 2), Y(3, 1, 2))));
    }

    [Fact]
    public void Times_without_a_rule_are_said_to_have_none()
    {
        SeriesData series = Make(null, Hours(0, 1, 4, 9, 20, 77, 81), Y(1, 2, 3, 4, 5, 6, 7));
        Assert.Equal(7, series.RowCount);
        Assert.Contains(series.Notes, note => note.StartsWith("The time stamps follow no rule", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_become_features_of_0_and_1()
    {
        SeriesData series = Make(new() { Target = "y", Features = ["w"] }, Y(1, 2, 3), new TextColumn("w", ["b", null, "a"]));
        Assert.Equal(["y", "w=a", "w=b"], series.Schema.Features.Select(feature => feature.Name));
        Assert.Equal([1, 0, 1, 2, 0, 0, 3, 1, 0], series.Values.ToArray());
        Assert.Contains("The words of 'w' are 2 features of 0 and 1: a, b; 1 cell without a word.", series.Notes);
    }

    [Fact]
    public void Inserted_rows_take_the_word_before()
    {
        SeriesData series = Make(new() { Target = "y", Features = ["w"] }, Hours(0, 1, 2, 3, 5), Y(0, 1, 2, 3, 5), new TextColumn("w", ["a", "a", "a", "b", "a"]));
        Assert.Equal([3, 0, 1], series.Values.Span[12..15].ToArray());
    }

    [Fact]
    public void Constant_features_are_left_out_and_a_target_named_twice_counts_once()
    {
        SeriesData series = Make(
            new() { Target = "y", Features = ["Y", "c", "k", "x", "X"] }, Y(1, 2), new NumberColumn("c", [5, 5]), new TextColumn("k", ["a", "a"]), new NumberColumn("x", [1, 3]));
        Assert.Equal(["y", "x"], series.Schema.Features.Select(feature => feature.Name));
        Assert.Contains("Feature 'c' never changes and is left out.", series.Notes);
        Assert.Contains("Feature 'k' never changes and is left out.", series.Notes);
    }

    [Fact]
    public void Faulty_data_are_told()
    {
        Assert.Contains("never changes", Assert.Throws<DataException>(() => Make(null, Y(5, 5, NaN))).Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'y'?", Assert.Throws<DataException>(() => Make(new() { Target = "z" }, Y(1, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("no value in any row", Assert.Throws<DataException>(() => Make(null, Y(NaN, NaN))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "No row has a value in all of these columns: y, x",
            Assert.Throws<DataException>(() => Make(new() { Target = "y", Features = ["x"] }, Y(1, 2, NaN, NaN), new NumberColumn("x", [NaN, NaN, 1, 2]))).Message,
            StringComparison.Ordinal);
        TextColumn names = new("w", [.. Range0(200).Select(i => $"name {i}")]);
        Assert.Contains("200 different words", Assert.Throws<DataException>(() => Make(new() { Target = "y", Features = ["w"] }, Y([.. Range0(200).Select(i => (double)i)]), names)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new() { Target = "y", MaximumGap = -1 }, Y(1, 2)));
    }

    [Fact]
    public void The_schema_makes_the_same_features_of_another_table()
    {
        SeriesData learned = Make(new() { Target = "y", Features = ["x", "w"] }, Hours(Range0(4)), Y(1, 2, 3, 4), new NumberColumn("x", [4, 3, 2, 1]), new TextColumn("w", ["a", "b", "a", "b"]));
        SeriesSchema schema = JsonSerializer.Deserialize<SeriesSchema>(JsonSerializer.Serialize(learned.Schema))!;
        SeriesData other = SeriesData.FromTable(
            new Table(new TextColumn("W", ["c", "b"]), new NumberColumn("X", [7, 7]), new NumberColumn("Y", [9, 9]), Hours(50, 52)),
            schema);
        Assert.Equal([9, 7, 0, 0, 9, 7, 0, 0, 9, 7, 0, 1], other.Values.ToArray());
        Assert.Equal(TimeStep.Hourly, other.Step);
        Assert.Contains("Words of 'w' that were not there while learning count as none: c.", other.Notes);
    }

    [Fact]
    public void Another_table_with_another_step_is_noted()
    {
        SeriesData learned = Make(null, Hours(Range0(20)), Y([.. Range0(20).Select(i => (double)i)]));
        Table daily = new(new TimeColumn("t", [.. Range0(20).Select(day => new DateTime(2024, 1, 1).AddDays(day))]), Y([.. Range0(20).Select(i => (double)i)]));
        Assert.Contains(SeriesData.FromTable(daily, learned.Schema).Notes, note => note.StartsWith("The time stamps look daily, but the model learned from hourly data", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_table_needs_the_same_columns()
    {
        SeriesData learned = Make(null, Hours(0, 1, 2), Y(1, 2, 3));
        Assert.Equal("t", Assert.Throws<DataException>(() => SeriesData.FromTable(new Table(Y(1, 2)), learned.Schema)).Column);
    }

    [Fact]
    public void Scalers_are_fitted_to_some_rows_and_applied_to_all()
    {
        SeriesData series = Make(new() { Target = "y", Features = ["x"] }, Y(0, 10, 20), new NumberColumn("x", [1, 3, 9]));
        Scaler[] scalers = series.FitScalers(ScalerKind.MinMax, ..2);
        Assert.Equal([new MinMaxScaler(0, 10), new MinMaxScaler(1, 3)], scalers);
        Assert.Equal([0, 0, 1, 1, 2, 4], series.Scale(scalers));
        Assert.Throws<ArgumentException>(() => series.Scale([new IdentityScaler()]));
        Assert.Equal([10, 20], series.Target(1..));
    }
}
