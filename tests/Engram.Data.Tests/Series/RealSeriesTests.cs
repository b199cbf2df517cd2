namespace Engram.Data.Tests.Series;

/// <summary>The data sets that forecasters are judged by, from file to series.</summary>
public sealed class RealSeriesTests
{
    private static SeriesData Read(string file, string target, params string[] features) =>
        SeriesData.FromTable(Table.ReadCsv(SharedData.Require(file)), new SeriesOptions { Target = target, Features = features });

    [Fact]
    public void Daily_stock_prices_are_business_daily()
    {
        SeriesData series = Read("stocks/sp500.csv", "Close");
        Assert.Equal(5105, series.RowCount);
        Assert.Equal(TimeStep.BusinessDaily, series.Step);
        Assert.Equal(1455.219971, series.Values.Span[0]);
        Assert.Equal(2874.560059, series.Values.Span[^1]);
        Assert.Equal(new DateTime(2020, 4, 20), series.Step.Next(series.Times.Span[^1], 1)[0]);
    }

    [Fact]
    public void American_dates_and_quoted_thousands_are_read_and_unnamed_columns_left_out()
    {
        Table table = Table.ReadCsv(SharedData.Require("stocks/google-train.csv"));
        Assert.Equal(["Date", "Open", "High", "Low", "Close", "Volume"], table.Columns.Select(column => column.Name));
        Assert.Equal(1258, table.RowCount);
        Assert.Equal(7380500, table.Numbers("volume")[0]);
        Assert.Equal(new DateTime(2012, 1, 4), table.Times("date")[1]);
        Assert.Contains("Dates of 'Date' are month, day, year.", table.Notes);
        Assert.Contains(table.Notes, note => note.StartsWith("3 columns without a name", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_and_test_files_of_slightly_different_layout_are_read_as_one_table()
    {
        Table table = Table.ReadCsv([SharedData.Require("stocks/google-train.csv"), SharedData.Require("stocks/google-test.csv")]);
        Assert.Equal(1278, table.RowCount);
        Assert.Equal(new DateTime(2017, 1, 31), table.Times("Date")[^1]);
        Assert.Equal(2160600, table.Numbers("Volume")[^1]);
    }

    [Fact]
    public void Hourly_demand_is_sorted_its_double_hours_merged_and_its_missing_hours_filled()
    {
        SeriesData series = Read("energy/aep-hourly.csv", "aep_mw");
        Assert.Equal(TimeStep.Hourly, series.Step);
        Assert.Equal(121_269, series.OriginalRowCount);
        Assert.Equal(121_296, series.RowCount);
        Assert.Equal([0], series.SegmentStarts);
        Assert.Equal(27, series.Filled.Span.Count(true));
        ReadOnlySpan<DateTime> times = series.Times.Span;
        for (int row = 1; row < times.Length; row++)
        {
            Assert.Equal(TimeSpan.FromHours(1), times[row] - times[row - 1]);
        }
        Assert.Contains(series.Notes, note => note.StartsWith("Sorted by time", StringComparison.Ordinal));
        Assert.Contains(series.Notes, note => note.StartsWith("4 time stamps occurred more than once", StringComparison.Ordinal));
        Assert.Contains(series.Notes, note => note.StartsWith("27 missing time steps in 27 gaps", StringComparison.Ordinal));
    }

    [Fact]
    public void Air_quality_has_its_time_in_four_columns_and_its_wind_in_words()
    {
        SeriesData series = Read("weather/beijing-pm25.csv", "pm2.5", "TEMP", "cbwd");
        Assert.Equal(["year", "month", "day", "hour"], series.Schema.TimeColumns);
        Assert.Equal(["pm2.5", "TEMP", "cbwd=NE", "cbwd=NW", "cbwd=SE", "cbwd=cv"], series.Schema.Features.Select(feature => feature.Name));
        Assert.Equal(new DateTime(2010, 1, 2), series.Times.Span[0]);
        Assert.Equal([129, -4, 0, 0, 1, 0], series.Values.Span[..6].ToArray());
        Assert.Equal(43_824, series.RowCount + 24 + 1341);
        Assert.Equal(21, series.SegmentStarts.Count);
        Assert.Contains("The first 24 rows left out: a value is missing there.", series.Notes);
    }

    [Fact]
    public void Transformer_temperatures_take_all_their_features()
    {
        SeriesData series = Read("etth1/ETTh1.csv", "OT", "HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL");
        Assert.Equal(7, series.FeatureCount);
        Assert.Equal(17_420, series.RowCount);
        Assert.Equal(TimeStep.Hourly, series.Step);
        Assert.Equal(30.5310001373291, series.Values.Span[0]);
    }

    [Theory]
    [InlineData("classic/airline-passengers.csv", "passengers", 144, "1961-01-01")]
    [InlineData("classic/monthly-sunspots.csv", "sunspots", 2820, "1984-01-01")]
    public void Months_are_months(string file, string target, int rows, string next)
    {
        SeriesData series = Read(file, target);
        Assert.Equal(rows, series.RowCount);
        Assert.Equal(TimeStep.Monthly, series.Step);
        Assert.Equal(12, series.Step.DefaultSeason);
        Assert.Equal(next, series.Step.Next(series.Times.Span[^1], 1)[0].ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }
}
