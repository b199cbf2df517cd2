using System.Globalization;
using System.Text;

[assembly: AssemblyFixture(typeof(Engram.Cli.Tests.TrainedRun))]

namespace Engram.Cli.Tests;

/// <summary>A folder with small data, and a run trained on them that all tests share.</summary>
public sealed class TrainedRun : IDisposable
{
    /// <summary>Options that make training take no time.</summary>
    public static IReadOnlyList<string> Quick { get; } = ["--target", "value", "--window", "8", "--units", "4"];

    public TrainedRun()
    {
        Folder = Directory.CreateTempSubdirectory("engram-cli-").FullName;
        Write("data.csv", Sine(160));
        Training = CommandLine.RunIn(Folder, ["train", "forecast", "data.csv", .. Quick, "--epochs", "2", "--horizon", "2", "--output", "run", "--seed", "3"]);
    }

    public string Folder { get; }

    /// <summary>How the training ended that made <c>run</c>.</summary>
    internal CommandLine.Result Training { get; }

    /// <summary>The text of a CSV file: day, value and other, a row a day from 2024-01-01.</summary>
    public static string Sine(int rows)
    {
        StringBuilder text = new("day,value,other\n");
        for (int i = 0; i < rows; i++)
        {
            DateTime day = new DateTime(2024, 1, 1).AddDays(i);
            text.Append(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd},{50 + (10 * Math.Sin(i / 5.0)):0.000},{i % 3}\n");
        }
        return text.ToString();
    }

    public string Write(string name, string text) => WriteBytes(name, Encoding.UTF8.GetBytes(text));

    public string WriteBytes(string name, byte[] bytes)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    internal CommandLine.Result Run(params IReadOnlyList<string> arguments) => CommandLine.RunIn(Folder, arguments);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
