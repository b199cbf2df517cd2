using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

/// <summary>Every cell of <c>--cell</c> from training to forecasts.</summary>
public sealed class CellTests(TrainedRun shared)
{
    // Of 4 units that read 1 number: columns of the kernel, rows of the weights that multiply element by element.
    [Theory]
    [InlineData("lstm", "LSTM", "lstm", 16, null, 0)]
    [InlineData("peephole", "LSTM", "lstm", 16, "peepholes", 3)]
    [InlineData("coupled", "LSTM", "lstm", 12, null, 0)]
    [InlineData("layer-norm", "LSTM", "lstm", 16, "normalization", 10)]
    [InlineData("gru", "GRU", "gru", 12, null, 0)]
    [InlineData("GRU-reset-before", "GRU", "gru", 12, null, 0)]
    [InlineData("rnn", "RNN", "rnn", 4, null, 0)]
    [InlineData("rnn-relu", "RNN", "rnn", 4, null, 0)]
    public void A_cell_reaches_model_report_settings_and_forecasts(string cell, string network, string kind, int columns, string? vectors, int rows)
    {
        string run = "cell-" + cell, name = cell.ToLowerInvariant();
        CommandLine.Result trained = Train(run, cell, epochs: 2).MustSucceed();
        Assert.Contains($" {network} ", trained.Output, StringComparison.Ordinal);

        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(shared.PathOf(run + "/report.json")));
        Assert.Equal(name, report.RootElement.GetProperty("model").GetProperty("cell").GetString());
        Assert.Equal(4, report.RootElement.GetProperty("model").GetProperty("layers")[0].GetProperty("units").GetInt32());
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(shared.PathOf(run + "/options.json")));
        Assert.Equal(name, settings.RootElement.GetProperty("options").GetProperty("training").GetProperty("cell").GetString());

        using JsonDocument inspected = JsonDocument.Parse(shared.Run("inspect", run, "--json").MustSucceed().Output);
        JsonElement layer = inspected.RootElement.GetProperty("model").GetProperty("layers")[0], weights = layer.GetProperty("weights");
        Assert.Equal(kind, layer.GetProperty("kind").GetString());
        Assert.Equal([1, columns], Sizes(weights.GetProperty("kernel")));
        Assert.Equal([4, columns], Sizes(weights.GetProperty("recurrent_kernel")));
        Assert.True(vectors is null || Sizes(weights.GetProperty(vectors)).SequenceEqual([rows, 4]));
        Assert.Equal(name, inspected.RootElement.GetProperty("provenance").GetProperty("options").GetProperty("cell").GetString());
        Assert.Equal(3, shared.Run("predict", run).MustSucceed().Output.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData("gru-reset-before")]
    [InlineData("layer-norm")]
    public void A_run_goes_on_with_its_own_cell_alone(string cell)
    {
        Train("uncut-" + cell, cell, epochs: 3).MustSucceed();
        Train("cut-" + cell, cell, epochs: 1).MustSucceed();

        Train("cut-" + cell, "lstm", epochs: 3, "--resume").MustFail(2, "--resume");
        Train("cut-" + cell, cell, epochs: 3, "--resume").MustSucceed();

        Assert.Equal(Weights("uncut-" + cell), Weights("cut-" + cell));
    }

    [Fact]
    public void Readers_see_the_cell()
    {
        Train("read", "gru-reset-before", epochs: 1).MustSucceed();

        Assert.Contains("cell gru-reset-before,", shared.Run("inspect", "read").MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains(" GRU ", shared.Run("evaluate", "read", "data.csv").MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_cell() => Assert.Contains(
        "lstm|gru|gru-reset-before|rnn|rnn-relu|peephole|coupled|layer-norm", shared.Run("train", "forecast", "--help").MustSucceed().Output, StringComparison.Ordinal);

    private CommandLine.Result Train(string run, string cell, int epochs, params string[] more) => shared.Run(
        ["train", "forecast", "data.csv", .. TrainedRun.Quick, "--cell", cell, "--epochs", $"{epochs}", "--patience", "0", "--horizon", "2", "--output", run, "--quiet", .. more]);

    private string Weights(string run)
    {
        using JsonDocument inspected = JsonDocument.Parse(shared.Run("inspect", run, "--json").MustSucceed().Output);
        return inspected.RootElement.GetProperty("weightsSha256").GetString()!;
    }

    private static IEnumerable<int> Sizes(JsonElement shape) => shape.EnumerateArray().Select(size => size.GetInt32());
}
