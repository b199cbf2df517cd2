using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>The data of a training, split by time: the oldest rows train, the next validate, the newest test.</summary>
internal sealed class ForecastPlan
{
    private ForecastPlan(Table table, SeriesData data, int testStart, ForecastOptions options, List<string> notes)
    {
        (Table, Data, Options, Notes, TestStart) = (table, data, options, notes, testStart);
        ValidationStart = testStart - (int)Math.Round(testStart * options.Validation);
        Season = options.Season ?? data.Step.DefaultSeason;
        RequireRows();
        if (Season >= ValidationStart)
        {
            notes.Add($"A season of {Quantity.Of(Season, "row")} is longer than the training part, which has {Quantity.Of(ValidationStart, "row")}: nothing is learnt from the season before.");
        }
        Spec = ForecastSpecFit.Fit(data, ..ValidationStart, options, Season, notes);
        Series = new ForecastSeries(data, Spec);
        Training = Series.Windows(..ValidationStart);
        Validation = Series.Windows(ValidationStart..testStart);
        Test = Series.Windows(testStart..);
        RequireWindows();
    }

    public Table Table { get; }

    public SeriesData Data { get; }

    public ForecastOptions Options { get; }

    public ForecastSpec Spec { get; }

    public ForecastSeries Series { get; }

    public int Season { get; }

    public int ValidationStart { get; }

    public int TestStart { get; }

    public SlidingWindows Training { get; }

    public SlidingWindows Validation { get; }

    public SlidingWindows Test { get; }

    /// <summary>What was found, assumed, changed and decided.</summary>
    public List<string> Notes { get; }

    /// <summary>Prepares and splits the data.</summary>
    public static ForecastPlan Make(Table table, string target, ForecastOptions options)
    {
        options.Validate();
        SeriesOptions columns = new() { Target = target, Features = options.Features, Time = options.Time };
        SeriesData data = SeriesData.FromTable(table, columns);
        List<string> notes = [.. table.Notes, .. data.Notes];
        if (options.TestTable is not { } test)
        {
            int newest = (int)Math.Round(data.RowCount * options.Test);
            return new ForecastPlan(table, data, data.RowCount - newest, options, notes);
        }
        SeriesData testData = SeriesData.FromTable(test, data.Schema);
        RequireOrder(data, testData, test);
        SeriesData both = SeriesData.FromTable(TableConcatenation.Append(table, test, data.Schema), data.Schema);
        notes = [.. notes.Concat(test.Notes).Concat(both.Notes).Distinct()];
        return new ForecastPlan(table, both, TestStartIn(both, data, testData), options, notes);
    }

    public ReportSplit Split() => new(
        Part(0, ValidationStart), ValidationStart < TestStart ? Part(ValidationStart, TestStart) : null, Part(TestStart, Data.RowCount));

    public ReportData DataReport() => new(
        Table.Files, Table.Sha256, Table.RowCount + (Options.TestTable?.RowCount ?? 0), Data.OriginalRowCount, Notes)
    {
        TestFiles = Options.TestTable?.Files,
        TestSha256 = Options.TestTable?.Sha256,
    };

    private ReportPart Part(int first, int end) => ReportParts.Of(Data, first, end);

    private static void RequireOrder(SeriesData training, SeriesData test, Table table)
    {
        if (!training.Times.IsEmpty && test.Times.Span[0] <= training.Times.Span[^1])
        {
            TimeFormat times = new(IsDaily: false);
            throw new DataException(
                $"The test data begin at {times.Write(test.Times.Span[0])}, before the training data end at {times.Write(training.Times.Span[^1])}: a score on rows that may have been trained on means nothing. Give test data that follow the training data.",
                table.Files.Count > 0 ? table.Files[0] : null,
                column: training.Schema.TimeColumns[0]);
        }
    }

    private static int TestStartIn(SeriesData both, SeriesData training, SeriesData test)
    {
        if (both.Times.IsEmpty)
        {
            return both.RowCount - test.RowCount;
        }
        int after = both.Times.Span.BinarySearch(training.Times.Span[^1]);
        return after < 0 ? ~after : after + 1;
    }

    private void RequireRows()
    {
        int testRows = Data.RowCount - TestStart;
        if (testRows > 0 && Options.Horizon > testRows)
        {
            throw new InvalidOptionException("--horizon", Options.Horizon,
                $"is longer than the test part, which has {Quantity.Of(testRows, "row")}. Use a smaller --horizon or a larger --test.");
        }
        int needed = Options.Window + Options.Horizon;
        if (ValidationStart < needed)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"{Place}the training part has {ValidationStart} rows, of {Data.RowCount} in all; a window of {Options.Window} rows with a horizon of {Options.Horizon} needs at least {needed}. Give more rows, or a smaller --window."),
                Table.Files.Count > 0 ? Table.Files[0] : null);
        }
        int validationRows = TestStart - ValidationStart;
        if (Options.Validation > 0 && Options.Horizon > validationRows)
        {
            throw new InvalidOptionException("--validation", Options.Validation, string.Create(CultureInfo.InvariantCulture,
                $"leaves a validation part of {validationRows} rows, less than the horizon of {Options.Horizon}. Use a larger share, or 0 for none."));
        }
        if (testRows == 0)
        {
            throw new InvalidOptionException("--test", Options.Test, $"leaves no row to score on, of {Data.RowCount} rows in all. Use a larger share.");
        }
        if (Options.Difference == Differencing.Seasonal && Season == 0)
        {
            throw new InvalidOptionException("--difference", "seasonal", "needs a season, and data with this time step have none by default. Give --season.");
        }
    }

    private void RequireWindows()
    {
        RequireWindow(Training, "training");
        RequireWindow(Test, "test");
        if (Options.Validation > 0)
        {
            RequireWindow(Validation, "validation");
        }
    }

    private void RequireWindow(SlidingWindows windows, string part)
    {
        if (windows.Count == 0)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"{Place}nowhere in the {part} part are there {Spec.RowsNeeded} rows and {Options.Horizon} after them without a gap: the data fall into {Data.SegmentStarts.Count} stretches. Use a smaller --window or --horizon, or fill the gaps."),
                Table.Files.Count > 0 ? Table.Files[0] : null);
        }
    }

    private string Place => Table.Files.Count == 0 ? "" : string.Join(", ", Table.Files) + ": ";
}
