using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

public sealed class TrainForecastTests(TrainedRun shared)
{
    [Fact]
    public void Training_ends_with_errors_beside_the_baselines_a_verdict_and_where_the_files_lie()
    {
        CommandLine.Result result = shared.Training.MustSucceed();

        Assert.All(
            ["Forecast of value, 2 steps ahead", "RMSE", "LSTM", "naive", "seasonal naive", "linear", "Verdict: ", "Written to run"],
            words => Assert.Contains(words, result.Output, StringComparison.Ordinal));
        Assert.Contains("epoch 1/2", result.Error, StringComparison.Ordinal);
        Assert.Contains("Note: The step is daily.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("checkpoint.safetensors")]
    [InlineData("events.jsonl")]
    [InlineData("history.csv")]
    [InlineData("report.json")]
    [InlineData("predictions.csv")]
    [InlineData("loss.png")]
    [InlineData("forecast.png")]
    public void The_run_folder_receives(string file) => Assert.True(new FileInfo(shared.PathOf("run/" + file)).Length > 0);

    [Fact]
    public void Json_is_one_document_on_standard_output_the_same_as_the_report()
    {
        CommandLine.Result result = shared.Run(
            ["train", "forecast", "data.csv", .. TrainedRun.Quick, "--epochs", "1", "--output", "json", "--json", "--quiet"]).MustSucceed();

        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement root = document.RootElement;
        Assert.Equal("", result.Error);
        Assert.Equal(File.ReadAllText(shared.PathOf("json/report.json")).TrimEnd(), result.Output.TrimEnd());
        Assert.Equal(
            ["task", "engram", "seed", "data", "split", "model", "training", "metrics", "baselines", "verdict"],
            root.EnumerateObject().Select(member => member.Name));
        Assert.Equal("forecast", root.GetProperty("task").GetString());
        RequireMembers(root.GetProperty("data"), "files", "sha256", "rows", "used", "notes");
        RequireMembers(root.GetProperty("split"), "train", "validation", "test");
        RequireMembers(root.GetProperty("split").GetProperty("test"), "from", "to", "rows");
        RequireMembers(root.GetProperty("model"), "cell", "parameters", "layers");
        RequireMembers(root.GetProperty("training"), "epochs", "bestEpoch", "seconds", "stopped");
        RequireMembers(root.GetProperty("metrics").GetProperty("test"), "rmse", "mae", "mase", "smape");
        RequireMembers(root.GetProperty("baselines"), "naive", "seasonalNaive", "linear");
    }

    [Fact]
    public void Without_a_time_rows_are_taken_in_their_order() => Assert.Contains(
        "Rows are taken in their order.",
        shared.Run(["train", "forecast", "data.csv", .. TrainedRun.Quick, "--time", "none", "--epochs", "1", "--output", "untimed"]).MustSucceed().Error,
        StringComparison.Ordinal);

    [Fact]
    public void A_time_limit_that_no_epoch_keeps_ends_with_scores_and_a_note()
    {
        CommandLine.Result result = shared.Run(
            ["train", "forecast", "data.csv", .. TrainedRun.Quick, "--batch-size", "8", "--time-limit", "0.000001s", "--output", "timed"]).MustSucceed();

        Assert.Contains("Training ended before an epoch was done", result.Error, StringComparison.Ordinal);
        Assert.Contains("Verdict: ", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(shared.PathOf("timed/loss.png")));
    }

    [Fact]
    public void Options_reach_the_training()
    {
        shared.Run(
            "train", "forecast", "data.csv", "--target", "VALUE", "--features", "other", "--window", "6", "--horizon", "3", "--units", "3,2", "--epochs", "1",
            "--batch-size", "16", "--scale", "min-max", "--difference", "none", "--test", "0.3", "--seed", "7", "--optimizer", "rmsprop",
            "--schedule", "Step:3", "--weight-decay", "0.25", "--clip-norm", "2",
            "--threads", "1", "--output", "options", "--quiet").MustSucceed();

        using JsonDocument inspected = JsonDocument.Parse(shared.Run("inspect", "options", "--json").MustSucceed().Output);
        JsonElement options = inspected.RootElement.GetProperty("provenance").GetProperty("options");
        Assert.Equal(3, options.GetProperty("horizon").GetInt32());
        Assert.Equal([3, 2], options.GetProperty("units").EnumerateArray().Select(units => units.GetInt32()));
        Assert.Equal(16, options.GetProperty("batchSize").GetInt32());
        Assert.Equal("MinMax", options.GetProperty("scale").GetString());
        Assert.Equal("None", options.GetProperty("difference").GetString());
        Assert.Equal(0.3, options.GetProperty("test").GetDouble());
        Assert.Equal(7, options.GetProperty("seed").GetInt64());
        Assert.Equal("RmsProp", options.GetProperty("optimizer").GetString());
        Assert.Equal("step:3:0.5", options.GetProperty("schedule").GetString());
        Assert.Equal(0.25, options.GetProperty("weightDecay").GetDouble());
        Assert.Equal(2, options.GetProperty("clipNorm").GetDouble());
        Assert.Equal("other", options.GetProperty("features")[0].GetString());
    }

    [Fact]
    public void Momentum_and_nesterov_reach_the_training()
    {
        string[] usual = ["train", "forecast", "data.csv", .. TrainedRun.Quick, "--epochs", "1", "--quiet", "--optimizer", "sgd", "--momentum", "0.9"];
        shared.Run([.. usual, "--nesterov", "--output", "nesterov"]).MustSucceed();
        shared.Run([.. usual, "--output", "momentum"]).MustSucceed();

        using JsonDocument inspected = JsonDocument.Parse(shared.Run("inspect", "nesterov", "--json").MustSucceed().Output);
        JsonElement options = inspected.RootElement.GetProperty("provenance").GetProperty("options");
        Assert.Equal(0.9, options.GetProperty("momentum").GetDouble());
        Assert.True(options.GetProperty("nesterov").GetBoolean());
        Assert.Contains("sgd 0.001 momentum 0.9 nesterov", shared.Run("inspect", "nesterov").MustSucceed().Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.NotEqual(File.ReadAllBytes(shared.PathOf("nesterov/model.safetensors")), File.ReadAllBytes(shared.PathOf("momentum/model.safetensors")));
    }

    [Fact]
    public void Without_output_runs_are_named_after_file_and_target_and_numbered()
    {
        string[] arguments = ["train", "forecast", "data.csv", .. TrainedRun.Quick, "--epochs", "1", "--quiet"];

        Assert.Contains(Path.Combine("runs", "data-value") + ":", shared.Run(arguments).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("runs", "data-value-2") + ":", shared.Run(arguments).MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_use_is_refused_and_replaced_only_when_told()
    {
        string[] arguments = ["train", "forecast", "data.csv", .. TrainedRun.Quick, "--epochs", "1", "--output", "used", "--quiet"];
        shared.Run(arguments).MustSucceed();
        byte[] before = File.ReadAllBytes(shared.PathOf("used/model.safetensors"));

        shared.Run(arguments).MustFail(2, "used", "holds a run already", "--resume", "--overwrite");
        Assert.Equal(before, File.ReadAllBytes(shared.PathOf("used/model.safetensors")));

        shared.Run([.. arguments, "--overwrite", "--seed", "5"]).MustSucceed();
        Assert.NotEqual(before, File.ReadAllBytes(shared.PathOf("used/model.safetensors")));
    }

    [Fact]
    public void A_test_file_gives_the_scores()
    {
        string[] lines = TrainedRun.Sine(200).Split('\n');
        shared.Write("older.csv", string.Join('\n', lines[..161]));
        shared.Write("newer.csv", string.Join('\n', [lines[0], .. lines[161..]]));

        CommandLine.Result result = shared.Run(
            ["train", "forecast", "older.csv", .. TrainedRun.Quick, "--test", "newer.csv", "--epochs", "1", "--output", "tested", "--json", "--quiet"]).MustSucceed();

        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(40, document.RootElement.GetProperty("split").GetProperty("test").GetProperty("rows").GetInt32());
        Assert.Equal("newer.csv", document.RootElement.GetProperty("data").GetProperty("testFiles")[0].GetString());
    }

    [Fact]
    public void Data_come_from_standard_input_too_and_the_run_can_go_on()
    {
        string[] arguments = ["train", "forecast", "-", .. TrainedRun.Quick, "--epochs", "1", "--quiet", "--output", shared.PathOf("piped")];

        CommandLine.RunWithInput(TrainedRun.Sine(160), arguments).MustSucceed();

        Assert.Equal(TrainedRun.Sine(160), File.ReadAllText(shared.PathOf("piped/standard-input.csv")));
        shared.Run("resume", "piped", "--quiet").MustSucceed();
        shared.Run("train", "forecast", "-", "data.csv", "--target", "value").MustFail(2, "standard input", "alone");
    }

    private static void RequireMembers(JsonElement element, params IReadOnlyList<string> names) =>
        Assert.All(names, name => Assert.True(element.TryGetProperty(name, out _), $"«{name}» is missing in {element}"));
}
