using Engram.Cli.Verbs;

namespace Engram.Cli.Tests;

public sealed class ExamplesTests
{
    [Fact]
    public void The_examples_of_help_work_as_printed()
    {
        string folder = Directory.CreateTempSubdirectory("engram-examples-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "samples", "data"));
            foreach (string data in Directory.GetFiles(Path.Combine(Repository.Root, "samples", "data")))
            {
                File.Copy(data, Path.Combine(folder, "samples", "data", Path.GetFileName(data)));
            }

            foreach (Verb verb in (Verb[])[new TrainForecast(), new TrainClassify(), new TrainTag(), new TrainLanguageModel(), new Generate(), new Predict(), new Evaluate(), new Inspect(), new Resume()])
            {
                foreach (string example in verb.Examples)
                {
                    // One epoch shows as well as a hundred that the line works.
                    string[] shortened = verb is (TrainForecast or TrainClassify) && !example.Contains("--epochs", StringComparison.Ordinal) ? ["--epochs", "1"] : [];
                    CommandLine.Result result = CommandLine.RunIn(folder, [.. example.Split(' ')[1..], .. shortened]);
                    Assert.True(result.ExitCode == 0, $"{example}: {result.Error}");
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
