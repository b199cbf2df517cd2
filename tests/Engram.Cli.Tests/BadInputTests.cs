namespace Engram.Cli.Tests;

/// <summary>What the world does wrong is told with its place and its remedy, and leaves nothing half-written.</summary>
public sealed class BadInputTests(TrainedRun shared)
{
    public static TheoryData<string, byte[], string[]> BadFiles => new()
    {
        { "empty.csv", [], ["empty.csv is empty", "name another file"] },
        { "header.csv", Text("day,value\n"), ["header.csv", "no rows"] },
        { "binary.csv", [.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 37))], ["binary.csv", "no text file", "Export the data as text, such as CSV"] },
        { "short.csv", Text(TrainedRun.Sine(5)), ["short.csv", "window of 8 rows", "smaller --window"] },
        { "words.csv", Text(TrainedRun.Sine(90).Replace("2024-02-10,", "2024-02-10,abc", StringComparison.Ordinal)), ["words.csv, row 42, column 'value'", "is not a number", "--missing"] },
        { "infinite.csv", Text(TrainedRun.Sine(90) + "2024-03-31,inf,0\n"), ["infinite.csv, row 92, column 'value'", "'inf'"] },
        { "ragged.csv", Text(TrainedRun.Sine(90) + "2024-03-31,1,2,3,4\n"), ["ragged.csv, row 92", "5 cells where the header has 3"] },
        { "constant.csv", Text("value\n" + string.Concat(Enumerable.Repeat("7\n", 90))), ["'value' never changes", "another column"] },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void Data_at_fault_end_with_3(string name, byte[] content, string[] words)
    {
        shared.WriteBytes(name, content);

        Train(name, 3, words);
    }

    [Theory]
    [InlineData("dat.csv", "there is no such file; did you mean 'data.csv'?")]
    [InlineData("run", "run is a folder")]
    public void Data_that_are_no_file_end_with_3(string name, params string[] words) => Train(name, 3, words);

    [Theory]
    [InlineData("--target", "valeu", "there is no column 'valeu'", "Did you mean 'value'?", "day, value, other")]
    [InlineData("--features", "othr", "Did you mean 'other'?")]
    [InlineData("--time", "dya", "Did you mean 'day'?")]
    [InlineData("--test", "dat.csv", "did you mean 'data.csv'?")]
    public void Misspelt_columns_and_files_end_with_3_and_what_was_meant(string option, string value, params string[] words) =>
        Train("data.csv", 3, words, option, value);

    [Theory]
    [InlineData("--window", "0", "must be at least 1")]
    [InlineData("--horizon", "90", "longer than the test part, which has 32 rows")]
    [InlineData("--horizon", "5000", "longer than the test part, which has 32 rows")]
    [InlineData("--test", "0.001", "leaves no row to score on, of 160 rows in all")]
    [InlineData("--units", "0", "each layer needs 1")]
    [InlineData("--epochs", "-1", "must be at least 1")]
    [InlineData("--test", "2", "above 0 and below 1, or a file")]
    [InlineData("--learning-rate", "0", "above 0")]
    [InlineData("--schedule", "halve-after", "halve-after:EPOCHS")]
    [InlineData("--weight-decay", "-1", "at least 0")]
    [InlineData("--optimizer", "adan", "nt-asgd")]
    [InlineData("--momentum", "0.9", "sgd and rmsprop")]
    [InlineData("--cell", "transformer", "gru-reset-before")]
    [InlineData("--output", "data.csv", "is a file. Name a folder")]
    [InlineData("--encoding", "utf-9", "gb18030")]
    [InlineData("--delimiter", "\"", "comma, semicolon, tab")]
    public void Impossible_options_end_with_2_and_their_range(string option, string value, string words) =>
        Train("data.csv", 2, [option, value, words], option, value);

    [Fact]
    public void A_folder_that_cannot_be_made_ends_with_6() => Train("data.csv", 6, ["data.csv"], "--output", Path.Combine("data.csv", "run"));

    [Fact]
    public void Divergence_ends_with_5_and_keeps_the_checkpoint()
    {
        CommandLine.Result result = shared.Run(
            ["train", "forecast", "data.csv", .. TrainedRun.Quick, "--learning-rate", "1e10", "--optimizer", "sgd", "--output", "diverged", "--quiet"]);

        result.MustFail(5, "Training diverged in epoch", "lower learning rate");
        Assert.True(File.Exists(shared.PathOf("diverged/checkpoint.safetensors")));
        Assert.False(File.Exists(shared.PathOf("diverged/report.json")));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("random")]
    [InlineData("empty")]
    [InlineData("text")]
    public void A_damaged_model_file_ends_with_4(string damage)
    {
        byte[] model = File.ReadAllBytes(shared.PathOf("run/model.safetensors"));
        string name = damage + ".safetensors";
        shared.WriteBytes(name, damage switch
        {
            "truncated" => model[..(model.Length / 2)],
            "random" => [.. model.Select((value, i) => (byte)(value ^ (i * 31)))],
            "empty" => [],
            _ => Text("day,value\n1,2\n"),
        });

        shared.Run("predict", name).MustFail(4, name);
        shared.Run("inspect", name).MustFail(4, name);
    }

    [Fact]
    public void A_missing_model_ends_with_4() => shared.Run("evaluate", "rnu", "data.csv").MustFail(4, "rnu", "no such file");

    [Fact]
    public void Data_without_the_models_columns_end_with_3()
    {
        shared.Write("others.csv", "day,price\n2024-01-01,1\n2024-01-02,2\n");

        shared.Run("predict", "run", "others.csv").MustFail(3, "others.csv", "'value'");
    }

    [Fact]
    public void A_forecast_file_that_cannot_be_written_ends_with_6_and_leaves_nothing()
    {
        shared.Run("predict", "run", "--output", Path.Combine("nowhere", "forecast.csv")).MustFail(6, "nowhere", "does not exist");
        Assert.False(Directory.Exists(shared.PathOf("nowhere")));
    }

    [Fact]
    public void A_copy_of_standard_input_that_cannot_be_written_ends_with_6()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no TMPDIR");

        CommandLine.RunWithInput(TrainedRun.Sine(90), new() { ["TMPDIR"] = shared.PathOf("no-such-folder") }, ["predict", shared.PathOf("run"), "-"])
            .MustFail(6, "standard input", "no-such-folder", "TMPDIR");
    }

    [Fact]
    public void A_full_disk_ends_with_6()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "skipped: no /dev/full");

        shared.Run("predict", "run", "--output", "/dev/full").MustFail(6, "/dev/full", "the disk is full");
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>Trains with a fault and requires that no file appears.</summary>
    private void Train(string data, int exitCode, string[] words, params string[] fault)
    {
        string output = "fault-" + Guid.NewGuid().ToString("N");
        List<string> arguments = ["train", "forecast", data, "--target", "value", "--window", "8", "--units", "4", "--epochs", "1", "--output", output, "--quiet"];
        if (fault.Length > 0 && arguments.IndexOf(fault[0]) is > 0 and var place)
        {
            arguments[place + 1] = fault[1];
        }
        else
        {
            arguments.AddRange(fault);
        }

        shared.Run(arguments).MustFail(exitCode, words);

        Assert.False(Directory.Exists(shared.PathOf(output)), "something was written");
    }
}
