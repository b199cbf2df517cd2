using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

public sealed class EvaluateTests(TrainedRun shared)
{
    [Fact]
    public void A_model_is_scored_beside_the_baselines()
    {
        string output = shared.Run("evaluate", "run", "data.csv").MustSucceed().Output;

        Assert.All(["RMSE", "LSTM", "naive", "linear", "Verdict: "], words => Assert.Contains(words, output, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_is_one_document()
    {
        using JsonDocument document = JsonDocument.Parse(shared.Run("evaluate", "run", "data.csv", "--json", "--quiet").MustSucceed().Output);

        Assert.True(document.RootElement.GetProperty("metrics").GetProperty("rmse").GetDouble() > 0);
        Assert.True(document.RootElement.GetProperty("baselines").GetProperty("naive").GetProperty("rmse").GetDouble() > 0);
    }
}
