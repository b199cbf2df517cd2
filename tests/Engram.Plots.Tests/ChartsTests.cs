using System.Xml.Linq;
using SkiaSharp;

namespace Engram.Plots.Tests;

public sealed class ChartsTests
{
    private const double None = double.NaN;

    private static string[] Words(Picture picture) =>
        [.. XDocument.Parse(picture.ToSvg()).Descendants().Select(element => (string?)element.Attribute("aria-label")).OfType<string>()];

    [Fact]
    public void The_loss_picture_keeps_the_titles_of_the_tutorial()
    {
        string[] words = Words(Charts.Loss([0.9885, 0.98], title: "MSE Loss"));
        Assert.Contains("MSE Loss", words);
        Assert.Contains("Epochs", words);
        Assert.Contains("Loss", words);
    }

    [Fact]
    public void A_loss_that_falls_to_a_twentieth_is_drawn_on_a_logarithmic_axis()
    {
        // Both 1 and 0.1 lie within the marks of the linear axis too; equal ratios at equal distances do not.
        string[] words = Words(Charts.Loss([10, 1, 0.1, 0.01]));
        Assert.Equal(["0.01", "0.1", "1", "10"], words.Where(word => word is "0.01" or "0.1" or "1" or "10").Distinct().Order());
        Assert.DoesNotContain("8", Words(Charts.Loss([10, 1, 0.5])));
    }

    [Theory]
    [InlineData(1.0, 0.1)]
    [InlineData(1.0, 0.0)]
    [InlineData(1.0, -0.001)]
    public void A_loss_that_falls_less_or_is_not_positive_is_drawn_on_a_linear_axis(double first, double last)
    {
        string[] words = Words(Charts.Loss([first, last]));
        Assert.Contains("0.4", words);
        Assert.Contains("0.6", words);
    }

    [Fact]
    public void Both_axes_of_a_log_log_picture_show_powers_of_ten_and_every_curve_has_its_name()
    {
        Picture picture = Charts.LogLog([new ChartCurve("linear", [1, 10, 100], [2, 20, 200]), new ChartCurve("square", [1, 10, 100], [1, 100, 10_000])], xLabel: "size", yLabel: "time");

        string[] words = Words(picture);
        string[] expected = ["linear", "square", "size", "time", "1", "10", "100", "1,000", "10,000"];
        Assert.Empty(expected.Except(words));
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        Assert.InRange(bitmap.Like(Pixels.Blue), 300, 20_000);
    }

    [Fact]
    public void A_log_log_picture_refuses_what_has_no_logarithm_or_does_not_rise()
    {
        Assert.Throws<ArgumentException>(() => Charts.LogLog([]));
        Assert.Throws<ArgumentException>(() => Charts.LogLog([new ChartCurve("empty", [], [])]));
        Assert.Throws<ArgumentException>(() => Charts.LogLog([new ChartCurve("unlike", [1, 2], [1])]));
        Assert.Throws<ArgumentException>(() => Charts.LogLog([new ChartCurve("zero", [1, 2], [0, 1])]));
        Assert.Throws<ArgumentException>(() => Charts.LogLog([new ChartCurve("back", [2, 1], [1, 1])]));
    }

    [Fact]
    public void One_epoch_is_drawn_as_a_dot()
    {
        using SKBitmap bitmap = Pixels.Decode(Charts.Loss([0.5]).ToPng());
        Assert.InRange(bitmap.Like(Pixels.Blue), 10, 400);
    }

    [Fact]
    public void Losses_that_are_not_finite_leave_a_gap_and_a_note()
    {
        Picture picture = Charts.Loss([0.5, None, 0.4, double.PositiveInfinity, 0.3]);
        Assert.Contains("not a finite number in 2 of 5 epochs (first in epoch 2)", Assert.Single(picture.Notes), StringComparison.Ordinal);
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        // The three losses between the gaps: three dots, no line.
        Assert.InRange(bitmap.Like(Pixels.Blue), 30, 400);
    }

    [Fact]
    public void A_run_without_a_finite_loss_is_said_to_be_one()
    {
        Picture picture = Charts.Loss([None, None, None]);
        Assert.Contains("no finite loss", Words(picture));
    }

    [Fact]
    public void Lines_have_their_names_and_colours()
    {
        Picture picture = Charts.Lines([new ChartLine("one", [1, 2, 3]), new ChartLine("two", [3, 2, 1])], title: "Both", xLabel: "step", yLabel: "size");
        string[] words = Words(picture);
        Assert.All((string[])["one", "two", "Both", "step", "size"], word => Assert.Contains(word, words));
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        Assert.True(bitmap.Like(Pixels.Blue) > 100 && bitmap.Like(Pixels.Red) > 100);
        Assert.Empty(picture.Notes);
    }

    [Fact]
    public void A_logarithmic_axis_ends_where_it_is_told_to_and_leaves_gaps_at_zero()
    {
        Picture picture = Charts.Lines([new ChartLine("falls", [1, 0.1, 0.01, 1e-30, 0])], logarithmic: true, lowest: 0.001);
        string[] words = Words(picture);
        Assert.Contains("0.1", words);
        Assert.DoesNotContain("1e-30", words);
        Assert.Contains("1 of 5 values of \"falls\" are no finite number above zero", Assert.Single(picture.Notes), StringComparison.Ordinal);
        Assert.DoesNotContain("0.1", Words(Charts.Lines([new ChartLine("falls", [1, 0.1, 0.01, 1e-30])], logarithmic: true)));
    }

    [Fact]
    public void No_line_an_empty_line_and_a_logarithmic_axis_down_to_zero_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Charts.Lines([]));
        Assert.Throws<ArgumentException>(() => Charts.Lines([new ChartLine("empty", [])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Charts.Lines([new ChartLine("one", [1])], logarithmic: true, lowest: 0));
    }

    [Fact]
    public void The_best_epoch_is_marked_on_the_validation_loss()
    {
        Picture picture = Charts.Loss([3, 2, 1], [3, 2, 2.5], bestEpoch: 2);
        Assert.Contains("Best epoch: 2", Words(picture));
        using SKBitmap marked = Pixels.Decode(picture.ToPng());
        using SKBitmap plain = Pixels.Decode(Charts.Loss([3, 2, 1], [3, 2, 2.5]).ToPng());
        Assert.True(marked.Like(Pixels.Red) > plain.Like(Pixels.Red));
    }

    [Fact]
    public void No_loss_and_a_best_epoch_that_never_was_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Charts.Loss([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Charts.Loss([1, 2], bestEpoch: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Charts.Loss([1, 2], bestEpoch: 0));
    }

    [Fact]
    public void A_forecast_draws_actual_blue_predicted_red_and_says_so()
    {
        Picture picture = Charts.Forecast(
            [1, 2, 3, 4],
            [None, 1, 2, 3],
            new ForecastChartOptions
            {
                Title = "Stock Price Prediction",
                XLabel = "Time",
                YLabel = "Stock Price",
                ActualLabel = "Actual Stock Price",
                PredictedLabel = "Predicted Stock Price",
            });
        Assert.Superset(
            new HashSet<string> { "Stock Price Prediction", "Time", "Stock Price", "Actual Stock Price", "Predicted Stock Price" },
            Words(picture).ToHashSet());
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        Assert.True(bitmap.Like(Pixels.Blue) > 500);
        Assert.True(bitmap.Like(Pixels.Red) > 500);
    }

    [Fact]
    public void Predictions_before_the_split_are_pale_and_those_after_it_strong()
    {
        double[] actual = [.. Enumerable.Range(0, 100).Select(step => Math.Sin(step / 5.0))];
        double[] predicted = [.. actual.Select(value => value + 0.4)];
        SKColor pale = SKColor.Parse("#F0AFA5");
        using SKBitmap late = Pixels.Decode(Charts.Forecast(actual, predicted, new ForecastChartOptions { TestStart = 90 }).ToPng());
        using SKBitmap never = Pixels.Decode(Charts.Forecast(actual, predicted).ToPng());
        Assert.True(late.Like(pale) > 1000);
        Assert.True(late.Like(Pixels.Red) < never.Like(Pixels.Red) / 3);
    }

    [Fact]
    public void The_split_is_marked_with_its_date()
    {
        DateTime[] times = [.. Enumerable.Range(0, 10).Select(day => new DateTime(2024, 1, 1).AddDays(day))];
        double[] values = [.. Enumerable.Range(0, 10).Select(day => (double)day)];
        string[] words = Words(Charts.Forecast(values, values, new ForecastChartOptions { TestStart = 8, Times = times }));
        Assert.Contains("test starts 2024-01-09", words);
        Assert.Contains("2024-01-03", words);
    }

    [Fact]
    public void A_long_series_gets_a_second_panel_that_shows_its_end_and_the_baselines()
    {
        double[] series = [.. Enumerable.Range(0, 100_000).Select(step => Math.Sin(step / 24.0) + (step % 777 == 0 ? None : 0))];
        ForecastChartOptions options = new() { TestStart = 80_000, Baselines = [new Baseline("Naive", series)] };
        Picture picture = Charts.Forecast(series, series, options);
        Assert.Contains("last 200 steps, shaded above", Words(picture));
        Assert.Contains("Naive", Words(picture));
        Assert.True(picture.ToSvg().Length < 2_000_000);
        Assert.DoesNotContain("last 200 steps, shaded above", Words(Charts.Forecast(series[..400], series[..400])));
        Assert.DoesNotContain(Words(Charts.Forecast(series, series, options with { DetailSteps = 0 })), word => word.StartsWith("last", StringComparison.Ordinal));
    }

    [Fact]
    public void A_baseline_that_runs_away_does_not_squash_the_forecast()
    {
        double[] calm = [1, 2, 1, 2, 1, 2];
        Picture picture = Charts.Forecast(calm, calm, new ForecastChartOptions { Baselines = [new Baseline("Linear", [1, 10, 1e3, 1e5, 1e7, 1e9])] });
        Assert.Contains("1.4", Words(picture));
    }

    [Fact]
    public void A_constant_series_a_single_step_and_a_series_of_gaps_can_be_drawn()
    {
        Assert.NotEmpty(Charts.Forecast([5, 5, 5], [5, 5, 5]).ToPng());
        Assert.NotEmpty(Charts.Forecast([0], [0]).ToPng());
        Assert.NotEmpty(Charts.Forecast([None, None], [None, double.NegativeInfinity]).ToPng());
    }

    [Fact]
    public void Series_that_do_not_fit_together_are_refused_with_both_lengths()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Charts.Forecast([1, 2, 3], [1, 2]));
        Assert.Contains("predicted has 2 values, but the actual series has 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Charts.Forecast([1, 2], [1, 2], new ForecastChartOptions { Times = [DateTime.UnixEpoch] }));
        Assert.Throws<ArgumentException>(() => Charts.Forecast([1, 2], [1, 2], new ForecastChartOptions { Baselines = [new Baseline("Naive", [1])] }));
        Assert.Throws<ArgumentException>(() => Charts.Forecast([1, 2], [1, 2], new ForecastChartOptions { TestStart = 3 }));
        ArgumentException unsorted = Assert.Throws<ArgumentException>(
            () => Charts.Forecast([1, 2], [1, 2], new ForecastChartOptions { Times = [DateTime.UnixEpoch.AddDays(1), DateTime.UnixEpoch] }));
        Assert.Contains("Times[1] is before Times[0]", unsorted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bars_of_the_tutorial_keep_their_titles_and_only_a_readable_number_is_drawn()
    {
        double[] probabilities = [.. Enumerable.Range(0, 80).Select(document => document / 80.0)];
        Picture picture = Charts.Bars(probabilities, title: "Sentiment Analysis", xLabel: "Document", yLabel: "Probability");
        Assert.Superset(new HashSet<string> { "Sentiment Analysis", "Document", "Probability" }, Words(picture).ToHashSet());
        Assert.Equal("The picture shows the first 50 of 80 bars.", Assert.Single(picture.Notes));
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        Assert.True(bitmap.Like(Pixels.Blue) > 10_000);
    }

    [Theory]
    [InlineData(-1.0, -2.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(double.NaN, 3.0)]
    public void Bars_may_be_negative_zero_or_missing(double first, double second) =>
        Assert.Contains("first", Words(Charts.Bars([first, second], ["first", "second"])));

    [Fact]
    public void A_confusion_matrix_names_classes_counts_and_shares()
    {
        Picture picture = Charts.Confusion(new[,] { { 9, 1 }, { 0, 0 } }, ["negative", "positive"]);
        string[] words = Words(picture);
        Assert.Superset(new HashSet<string> { "9 (90%)", "1 (10%)", "0 (0%)", "negative", "positive", "Actual", "Predicted" }, words.ToHashSet());
        Assert.Equal(2, words.Count(word => word == "negative"));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void Counts_and_shares_of_many_classes_stay_within_their_cells(int classes)
    {
        int[,] counts = new int[classes, classes];
        for (int actual = 0; actual < classes; actual++)
        {
            for (int predicted = 0; predicted < classes; predicted++)
            {
                counts[actual, predicted] = actual == predicted ? 8765 : 1234;
            }
        }
        Picture picture = Charts.Confusion(counts, [.. Enumerable.Range(0, classes).Select(i => $"class {i}")]);

        string[] words = Words(picture);
        Assert.Equal(classes, words.Count(word => word.StartsWith("8,765", StringComparison.Ordinal)));
        Assert.Equal(classes * (classes - 1), words.Count(word => word.StartsWith("1,234", StringComparison.Ordinal)));
        Assert.Equal(classes, words.Count(word => word.StartsWith("8,765", StringComparison.Ordinal) && (classes == 5 ? word.EndsWith("%)", StringComparison.Ordinal) : word == "8,765")));
        // Between two cells of a row there is a white line, which letters that stick out would cross.
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        int row = picture.Height / 2;
        Assert.InRange(Enumerable.Range(100, picture.Width - 160).Count(x => IsGap(bitmap, x, row)), classes - 1, 12 * classes);

        static bool IsGap(SKBitmap bitmap, int x, int row) =>
            Enumerable.Range(row - 60, 120).All(y => bitmap.GetPixel(x, y) is { Red: > 250, Green: > 250, Blue: > 250 });
    }

    [Fact]
    public void Cells_of_more_classes_than_numbers_can_be_read_for_are_shaded_alone()
    {
        string[] words = Words(Charts.Confusion(new int[21, 21], [.. Enumerable.Range(0, 21).Select(i => $"c{i}")]));

        Assert.DoesNotContain(words, word => word.Contains('%', StringComparison.Ordinal));
        Assert.Contains("c20", words);
    }

    [Fact]
    public void Long_names_that_begin_alike_keep_their_ends()
    {
        string[] words = Words(Charts.Confusion(new int[12, 12], [.. Enumerable.Range(0, 12).Select(i => $"the label of a long name that has the number {i + 10}")]));

        Assert.All(Enumerable.Range(10, 12), i => Assert.Equal(2, words.Count(word => word.StartsWith("the", StringComparison.Ordinal) && word.EndsWith($"{i}", StringComparison.Ordinal) && word.Contains('…', StringComparison.Ordinal))));
    }

    [Fact]
    public void What_chose_the_best_epoch_stands_in_the_legend() =>
        Assert.Contains("Best epoch by validation F1: 2", Words(Charts.Loss([3, 2, 1], [3, 3, 3], 2, bestBy: "validation F1")));

    [Fact]
    public void Bars_and_confusion_matrices_that_do_not_fit_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Charts.Bars([]));
        Assert.Throws<ArgumentException>(() => Charts.Bars([1, 2], ["one"]));
        Assert.Throws<ArgumentException>(() => Charts.Confusion(new int[2, 3], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => Charts.Confusion(new int[2, 2], ["a"]));
        Assert.Throws<ArgumentException>(() => Charts.Confusion(new[,] { { -1 } }, ["a"]));
    }

    [Fact]
    public void Labels_too_long_for_their_place_end_in_an_ellipsis()
    {
        string[] words = Words(Charts.Loss([2, 1], title: new string('w', 500), yLabel: new string('l', 500)));
        Assert.Equal(2, words.Count(word => word.EndsWith('…') && word.Length is > 20 and < 300));
    }
}
