using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

/// <summary>Language models as a user has them: train, let write, score, inspect, go on; and what does not serve.</summary>
public sealed class LanguageModelTests : IDisposable
{
    private static readonly string _readme = Path.Combine(Repository.Root, "README.md");

    private static readonly string[] _small = ["--units", "8", "--embedding", "8", "--steps", "10", "--batch-size", "8", "--epochs", "1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_generate_evaluate_inspect_resume()
    {
        string run = _folder.File("run");
        using JsonDocument trained = Json(["train", "language-model", _readme, .. _small, "--output", run]);
        JsonElement report = trained.RootElement;
        Assert.Equal("language-model", report.GetProperty("task").GetString());
        Assert.Equal(1, report.GetProperty("training").GetProperty("epochs").GetInt32());
        Assert.False(report.GetProperty("metrics").TryGetProperty("test", out _));
        MustBeScores(report.GetProperty("metrics").GetProperty("validation"));
        MustBeScores(report.GetProperty("baselines").GetProperty("unigram"));
        Assert.All((string[])["model.safetensors", "report.json", "sample.txt", "history.csv", "loss.png"], name => Assert.True(File.Exists(Path.Combine(run, name)), name));

        using (JsonDocument written = Json(["generate", run, "--prompt", "Engram", "--length", "12", "--count", "2", "--seed", "5"]))
        {
            Assert.Equal("Engram", written.RootElement.GetProperty("prompt").GetString());
            string[] texts = [.. written.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
            Assert.All(texts, text => Assert.Equal(12, text.EnumerateRunes().Count()));
            Assert.NotEqual(texts[0], texts[1]);
            CommandLine.Result plain = CommandLine.Run("generate", run, "--prompt", "Engram", "--length", "12", "--seed", "5").MustSucceed();
            Assert.Equal($"Engram{texts[0]}\n", plain.Output);
        }

        using (JsonDocument scored = Json(["evaluate", run, _readme]))
        {
            MustBeScores(scored.RootElement.GetProperty("metrics"));
            MustBeScores(scored.RootElement.GetProperty("baselines").GetProperty("unigram"));
        }

        using (JsonDocument inspected = Json(["inspect", run]))
        {
            Assert.Equal("language-model", inspected.RootElement.GetProperty("task").GetString());
            Assert.Equal("characters", inspected.RootElement.GetProperty("language-model").GetProperty("tokenizer").GetString());
            Assert.Equal(10, inspected.RootElement.GetProperty("language-model").GetProperty("steps").GetInt32());
        }

        Assert.Contains(" tokens, SHA-256", CommandLine.Run("inspect", run).MustSucceed().Output, StringComparison.Ordinal);

        using JsonDocument resumed = Json(["resume", run]);
        Assert.Equal(report.GetProperty("metrics").GetRawText(), resumed.RootElement.GetProperty("metrics").GetRawText());

        // What generate bears, and what it and predict refuse.
        Assert.Equal(Generated(run, "--temperature", "0", "--seed", "1"), Generated(run, "--temperature", "0", "--seed", "2"));
        Assert.Equal(Generated(run), Generated(run, "--top-k", "1000000"));
        CommandLine.Result unknown = CommandLine.Run("generate", run, "--prompt", "龘", "--length", "5").MustSucceed();
        Assert.Contains("Note: The model does not know «龘» of the prompt", unknown.Error, StringComparison.Ordinal);
        Assert.StartsWith("龘", unknown.Output, StringComparison.Ordinal);
        CommandLine.Run("generate", run, "--temperature", "-1").MustFail(2, "--temperature -1", "at least 0");
        CommandLine.Run("generate", run, "--top-k", "0").MustFail(2, "--top-k 0", "at least 1");
        CommandLine.Run("generate", run, "--top-p", "1.5").MustFail(2, "--top-p 1.5", "at most 1");
        CommandLine.Run("predict", "--quiet", run).MustFail(2, $"MODEL {run}:", "engram generate");
    }

    [Fact]
    public void What_a_model_was_trained_on_it_is_scored_on_a_column_or_text_from_a_file_or_standard_input()
    {
        string texts = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i % 2 == 0 ? "no" : "yes")} it was so\n"));
        string table = _folder.Write("id,review\n" + texts, "reviews.csv"), run = _folder.File("column"), other = _folder.File("text");
        CommandLine.Result trained = CommandLine.Run(["train", "language-model", table, "--text", "review", .. _small[..^1], "3", "--output", run]).MustSucceed();
        Assert.Matches("epoch 1/3, loss .*, validation .*\n.*epoch 2/3, .*\n.*epoch 3/3, loss .*, validation ", trained.Error);

        // Half of the lines have 12 characters, half 13, and all an end.
        using JsonDocument scored = Json(["evaluate", run, table]);
        Assert.Equal(30 * (13 + 14), scored.RootElement.GetProperty("data").GetProperty("used").GetInt32());
        Assert.Equal(scored.RootElement.GetProperty("metrics").GetRawText(), FromInput(run, File.ReadAllText(table)).GetRawText());
        CommandLine.Run("evaluate", run, _readme).MustFail(3, "review");

        CommandLine.Run(["train", "language-model", _readme, .. _small, "--output", other]).MustSucceed();
        using JsonDocument whole = Json(["evaluate", other, _readme]);
        Assert.Equal(whole.RootElement.GetProperty("metrics").GetRawText(), FromInput(other, File.ReadAllText(_readme)).GetRawText());

        static JsonElement FromInput(string run, string input) =>
            JsonDocument.Parse(CommandLine.RunWithInput(input, ["evaluate", run, "-", "--json"]).MustSucceed().Output).RootElement.GetProperty("metrics");
    }

    [Fact]
    public void The_small_model_of_Zaremba_et_al_is_said_with_options_alone()
    {
        string text = _folder.Write(string.Concat(Enumerable.Range(0, 3000).Select(i => $" no it was n't <unk> {i % 7} \n")), "train.txt");
        string other = _folder.Write(string.Concat(Enumerable.Range(0, 60).Select(i => $" no it was n't <unk> {i % 5} \n")), "other.txt");

        using JsonDocument trained = Json(
        [
            "train", "language-model", text, "--level", "word", "--tokenizer", "whitespace", "--units", "12,12", "--initial", "uniform:0.1", "--optimizer", "sgd",
            "--learning-rate", "1", "--schedule", "halve-after:4", "--epochs", "6", "--batch-size", "20", "--steps", "20", "--clip-norm", "5", "--forget-bias", "0",
            "--dropout", "0", "--patience", "0", "--validation", other, "--test", other, "--output", _folder.File("run"),
        ]);

        // Six words and the end of the line, in each line.
        Assert.Equal(21000, trained.RootElement.GetProperty("split").GetProperty("train").GetProperty("rows").GetInt32());
        Assert.Equal(420, trained.RootElement.GetProperty("split").GetProperty("test").GetProperty("rows").GetInt32());
        Assert.Equal(6, trained.RootElement.GetProperty("training").GetProperty("epochs").GetInt32());
        double perplexity = trained.RootElement.GetProperty("metrics").GetProperty("test").GetProperty("perplexity").GetDouble();
        Assert.InRange(perplexity, 1, trained.RootElement.GetProperty("baselines").GetProperty("unigram").GetProperty("perplexity").GetDouble());
    }

    [Fact]
    public void Texts_at_fault_end_with_3_and_leave_nothing()
    {
        Train(_folder.Write("", "empty.txt"), 3, "empty.txt is empty");
        Train(_folder.Write(" \n\n", "blank.txt"), 3, "blank.txt", "not one letter");
        Train(_folder.Write("Too short for eight streams.\n", "short.txt"), 3, "short.txt: the training part has 26 tokens", "8 streams of 10 steps", "--batch-size or --steps");
        Train(_readme, ["--minimum-count", "1000000"], 3, "no token of at most 256 characters occurs 1,000,000 times", "smaller minimum count");
        Train(_folder.File("missing.txt"), 3, "missing.txt: there is no such file");
    }

    [Theory]
    [InlineData("char", "bpe")]
    [InlineData("word", "characters")]
    public void A_tokenizer_that_contradicts_the_level_ends_with_2(string level, string tokenizer) =>
        Train(_readme, ["--level", level, "--tokenizer", tokenizer], 2, $"--tokenizer {tokenizer}: contradicts --level {level}. Leave one of them out.");

    [Fact]
    public void A_missing_model_ends_with_4() => CommandLine.Run("generate", _folder.File("nothing")).MustFail(4, "nothing", "no such file");

    private static JsonDocument Json(IReadOnlyList<string> arguments) => JsonDocument.Parse(CommandLine.Run([.. arguments, "--json"]).MustSucceed().Output);

    private static string Generated(string run, params string[] options) => CommandLine.Run(["generate", run, "--length", "30", .. options]).MustSucceed().Output;

    private static void MustBeScores(JsonElement scores)
    {
        double loss = scores.GetProperty("loss").GetDouble();
        Assert.True(loss > 0);
        Assert.Equal(Math.Exp(loss), scores.GetProperty("perplexity").GetDouble(), 1e-6);
        Assert.InRange(scores.GetProperty("bitsPerCharacter").GetDouble(), 0.5 * loss, 2 * loss);
    }

    private void Train(string file, int exitCode, params string[] words) => Train(file, [], exitCode, words);

    private void Train(string file, string[] options, int exitCode, params string[] words)
    {
        string run = _folder.File("fault");
        CommandLine.Run(["train", "language-model", file, .. _small, .. options, "--output", run, "--quiet"]).MustFail(exitCode, words);
        Assert.False(Directory.Exists(run));
    }
}
