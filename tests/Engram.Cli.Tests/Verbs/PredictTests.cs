using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

public sealed class PredictTests(TrainedRun shared)
{
    [Fact]
    public void What_follows_the_data_trained_on_comes_with_its_time_stamps()
    {
        string[] lines = Lines(shared.Run("predict", "run").MustSucceed());

        Assert.Equal("time,step,predicted", lines[0]);
        Assert.Equal(["2024-06-09,1", "2024-06-10,2"], lines[1..].Select(line => line[..line.LastIndexOf(',')]));
    }

    [Fact]
    public void A_model_file_and_its_run_folder_predict_the_same() => Assert.Equal(
        shared.Run("predict", "run", "--horizon", "5").MustSucceed().Output,
        shared.Run("predict", Path.Combine("run", "model.safetensors"), "--horizon", "5").MustSucceed().Output);

    [Fact]
    public void Standard_input_and_a_file_predict_the_same()
    {
        string data = TrainedRun.Sine(100);
        shared.Write("hundred.csv", data);

        CommandLine.Result fromFile = shared.Run("predict", "run", "hundred.csv", "--quiet").MustSucceed();
        CommandLine.Result fromInput = CommandLine.RunWithInput(data, "predict", shared.PathOf("run"), "-", "--output", "-", "--quiet").MustSucceed();

        Assert.StartsWith("2024-04-10,1,", Lines(fromFile)[1], StringComparison.Ordinal);
        Assert.Equal(fromFile.Output, fromInput.Output);
    }

    [Fact]
    public void Data_are_read_as_those_trained_on_and_what_is_assumed_of_them_is_told()
    {
        string[] lines = TrainedRun.Sine(100).TrimEnd().Split('\n');
        shared.Write("commas.csv", string.Join('\n', lines.Select((line, i) => i == 0 ? "day;value" : $"{line.Split(',')[0]};{1 + i % 7},{100 + 7 * i}")) + "\n");
        shared.Run(["train", "forecast", "commas.csv", .. TrainedRun.Quick, "--decimal", "comma", "--epochs", "1", "--output", "commas"]).MustSucceed();
        shared.Write("quoted.csv", File.ReadAllText(shared.PathOf("commas.csv")).Replace(';', '\t'));

        CommandLine.Result alone = shared.Run("predict", "commas").MustSucceed(), given = shared.Run("predict", "commas", "quoted.csv").MustSucceed();

        Assert.Equal(alone.Output, given.Output);
        Assert.Contains("Cells are separated by tabs", given.Error, StringComparison.Ordinal);
        Assert.Contains("taken as in the data before", given.Error, StringComparison.Ordinal);
        Assert.Contains("taken as in the data before", shared.Run("evaluate", "commas", "quoted.csv").MustSucceed().Error, StringComparison.Ordinal);
        Assert.NotEqual(alone.Output, shared.Run("predict", "commas", "quoted.csv", "--decimal", "point").MustSucceed().Output);
    }

    [Fact]
    public void Forecasts_go_to_a_file_where_one_is_named()
    {
        CommandLine.Result result = shared.Run("predict", "run", "data.csv", "--rolling", "--output", "rolling.csv", "--quiet").MustSucceed();

        string[] lines = File.ReadAllLines(shared.PathOf("rolling.csv"));
        Assert.Equal("", result.Output + result.Error);
        Assert.Equal("time,step,actual,predicted,naive", lines[0]);
        Assert.True(lines.Length > 200, $"{lines.Length} lines");
    }

    [Fact]
    public void Json_is_one_document()
    {
        using JsonDocument document = JsonDocument.Parse(shared.Run("predict", "run", "--horizon", "3", "--json").MustSucceed().Output);

        JsonElement[] forecast = [.. document.RootElement.GetProperty("forecast").EnumerateArray()];
        Assert.Equal("value", document.RootElement.GetProperty("target").GetString());
        Assert.Equal([1, 2, 3], forecast.Select(step => step.GetProperty("step").GetInt32()));
        Assert.Equal("2024-06-09", forecast[0].GetProperty("time").GetString());
        Assert.InRange(forecast[0].GetProperty("predicted").GetDouble(), 0, 100);
    }

    [Fact]
    public void Rolling_json_marks_what_is_not_known_yet()
    {
        using JsonDocument document = JsonDocument.Parse(shared.Run("predict", "run", "data.csv", "--rolling", "--json", "--quiet").MustSucceed().Output);

        JsonElement last = document.RootElement.GetProperty("forecast").EnumerateArray().Last();
        Assert.Equal(JsonValueKind.Null, last.GetProperty("actual").ValueKind);
        Assert.Equal(JsonValueKind.Number, last.GetProperty("predicted").ValueKind);
    }

    [Fact]
    public void A_forecast_beyond_the_trained_horizon_is_noted_unless_quiet()
    {
        Assert.Contains("Note: ", shared.Run("predict", "run", "--horizon", "4").MustSucceed().Error, StringComparison.Ordinal);
        Assert.Equal("", shared.Run("predict", "run", "--horizon", "4", "--quiet").MustSucceed().Error);
    }

    private static string[] Lines(CommandLine.Result result) => result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
