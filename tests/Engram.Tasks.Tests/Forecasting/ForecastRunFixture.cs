using System.Globalization;
using Engram.Files;

namespace Engram.Tasks.Tests.Forecasting;

/// <summary>A folder with a series, and runs in folders beside it.</summary>
public abstract class ForecastRunFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The path of a file in the folder.</summary>
    private protected string PathOf(string name) => _folder.File(name);

    private protected ForecastRunOptions Options(string output, int epochs)
    {
        if (!File.Exists(PathOf("data.csv")))
        {
            TestTables.WriteCsv(PathOf("data.csv"), TestTables.Sine(200));
        }
        return new ForecastRunOptions
        {
            Files = [PathOf("data.csv")],
            Target = "y",
            Output = PathOf(output),
            Training = TestTables.Quick with { Epochs = epochs, Season = null, Horizon = 2, Dropout = 0.1 },
        };
    }

    private protected string WeightsSha256(string run) => ModelFile.Read(PathOf(run + "/model.safetensors")).WeightsSha256;

    /// <summary>The epoch with the least validation loss, as the log tells.</summary>
    private protected int BestEpoch(string run) => Lines(run, "history.csv").Skip(1).Select(line => line.Split(','))
        .MinBy(cells => double.Parse(cells[2], CultureInfo.InvariantCulture)) is { } best ? int.Parse(best[0], CultureInfo.InvariantCulture) : 0;

    private protected string[] Lines(string run, string name) => File.ReadAllLines(PathOf(run + "/" + name));
}
