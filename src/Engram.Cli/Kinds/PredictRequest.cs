using System.CommandLine;
using Engram.Cli.Options;
using Engram.Data;
using Engram.Files;
using Engram.Tasks;

namespace Engram.Cli.Kinds;

/// <summary>What <c>engram predict</c> was asked for.</summary>
/// <param name="Result">The command line.</param>
/// <param name="Model">The model file, or the folder of a run.</param>
/// <param name="Files">The data; empty where none are named.</param>
/// <param name="Output">The file for results; <c>-</c> for standard output.</param>
/// <param name="Csv">How the files are written.</param>
internal sealed record PredictRequest(ParseResult Result, string Model, IReadOnlyList<string> Files, string Output, CsvOptionSet Csv)
{
    /// <summary>Rows ahead; null where not given.</summary>
    public int? Horizon { get; init; }

    /// <summary>Whether a forecast is wanted at every row.</summary>
    public bool Rolling { get; init; }

    /// <summary>The table of the files.</summary>
    /// <param name="like">How the data trained on were read.</param>
    public Table ReadTable(CsvReading? like) => Csv.ReadTable(Result, Files, like);

    /// <summary>Refuses what only forecasts have.</summary>
    /// <exception cref="InvalidOptionException">One was given.</exception>
    public void RefuseForecastOptions(string task)
    {
        if (Horizon is { } horizon)
        {
            throw new InvalidOptionException("--horizon", horizon, $"is for forecasts; this model's task is {task}. Leave the option out.");
        }
        if (Rolling)
        {
            throw new InvalidOptionException("--rolling", "on", $"is for forecasts; this model's task is {task}. Leave the option out.");
        }
    }

    /// <summary>The file always is CSV; JSON goes to standard output, in addition where there is a file.</summary>
    public void Write(bool json, Action<Stream> writeJson, Action<TextWriter> writeText)
    {
        if (Output != "-")
        {
            AtomicFile.WriteText(Output, writeText);
        }
        if (json)
        {
            using Stream stream = Console.OpenStandardOutput();
            writeJson(stream);
        }
        else if (Output == "-")
        {
            using StreamWriter writer = Terminal.ResultWriter();
            writeText(writer);
        }
    }
}
