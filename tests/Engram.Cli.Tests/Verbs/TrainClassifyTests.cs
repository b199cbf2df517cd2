using System.Text;
using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

public sealed class TrainClassifyTests(TrainedRun shared)
{
    private static readonly string[] _quick = ["--text", "text", "--label", "label", "--length", "6", "--embedding", "4", "--units", "4", "--epochs", "1"];

    [Fact]
    public void A_classifier_is_trained_used_scored_and_inspected()
    {
        shared.Write("texts.csv", Texts());
        CommandLine.Result trained = shared.Run(["train", "classify", "texts.csv", .. _quick, "--output", "texts", "--json", "--quiet"]).MustSucceed();

        using JsonDocument report = JsonDocument.Parse(trained.Output);
        Assert.Equal("classify", report.RootElement.GetProperty("task").GetString());
        Assert.All(["confusion.png", "loss.png", "predictions.csv", "report.json"], file => Assert.True(new FileInfo(shared.PathOf("texts/" + file)).Length > 0));
        CommandLine.Result fromFile = shared.Run("predict", "texts", "texts.csv", "--quiet").MustSucceed();
        Assert.StartsWith("text,predicted,probability\n", fromFile.Output, StringComparison.Ordinal);
        Assert.Equal(fromFile.Output, CommandLine.RunWithInput(Texts(), "predict", shared.PathOf("texts"), "-", "--quiet").MustSucceed().Output);
        CommandLine.Result lines = CommandLine.RunWithInput("a good, good film\na bad one\n", "predict", shared.PathOf("texts"), "-", "--no-header", "--delimiter", "tab").MustSucceed();
        Assert.Equal(3, lines.Output.Count(letter => letter == '\n'));
        using JsonDocument scored = JsonDocument.Parse(shared.Run("evaluate", "texts", "texts.csv", "--json").MustSucceed().Output);
        Assert.Equal(60, scored.RootElement.GetProperty("data").GetProperty("rows").GetInt32());
        using JsonDocument inspected = JsonDocument.Parse(shared.Run("inspect", "texts", "--json").MustSucceed().Output);
        Assert.Equal(["a", "b"], inspected.RootElement.GetProperty("classify").GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        shared.Run("predict", "texts", "texts.csv", "--decimal", "comma").MustFail(2, "--decimal comma: means nothing to this model, whose task is classify. Leave the option out.");
        shared.Run("evaluate", "texts", "texts.csv", "--missing", "NA,none").MustFail(2, "--missing NA,none: means nothing to this model");
        shared.Run("evaluate", "texts", "texts.csv", "--encoding", "utf-8", "--delimiter", "comma", "--quiet").MustSucceed();
        shared.Run("resume", "texts", "--quiet").MustSucceed();
    }

    [Fact]
    public void What_was_trained_on_is_not_called_never_seen()
    {
        shared.Write("again.csv", Texts());
        shared.Write("new.csv", "text,label\na good one,a\n");
        CommandLine.Result again = shared.Run(["train", "classify", "again.csv", .. _quick, "--test", "again.csv", "--output", "again"]).MustSucceed();
        Assert.Contains("Test part: 60 texts, of which 60 also stand in the training or validation part.", again.Output, StringComparison.Ordinal);
        Assert.Contains("Note: 60 of the 60 test texts (100.0%) stand", again.Error, StringComparison.Ordinal);
        CommandLine.Result other = shared.Run(["train", "classify", "again.csv", .. _quick, "--test", "new.csv", "--output", "new"]).MustSucceed();
        Assert.Contains("Test part: 1 text, never seen in training.", other.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string[]> Faults => new()
    {
        { "one-class.csv", Texts().Replace(",b\n", ",a\n", StringComparison.Ordinal), ["All 60 texts have the label «a»", "another label column"] },
        { "without-words.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"\" \",{i % 2}\n")), ["no text holds a token"] },
        { "without-label.csv", Texts() + "x,\n", ["row 62, column 'label'", "there is no label"] },
        { "misspelt.csv", Texts().Replace("text,label", "txet,label", StringComparison.Ordinal), ["there is no column 'text'", "Did you mean 'txet'?"] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Data_at_fault_end_with_3(string name, string content, string[] words)
    {
        shared.Write(name, content);
        shared.Run(["train", "classify", name, .. _quick, "--output", "never-" + name, "--quiet"]).MustFail(3, words);
        Assert.False(Directory.Exists(shared.PathOf("never-" + name)));
    }

    [Fact]
    public void A_test_label_that_was_never_seen_ends_with_3_and_its_row()
    {
        shared.Write("seen.csv", Texts());
        shared.Write("unseen.csv", "text,label\ngood,a\nodd,c\n");
        shared.Run(["train", "classify", "seen.csv", .. _quick, "--test", "unseen.csv", "--output", "unseen", "--quiet"])
            .MustFail(3, "unseen.csv, row 3", "«c» was never seen in training", "«a», «b»");
    }

    [Fact]
    public void What_was_assumed_of_the_file_is_told_before_the_error_that_may_come_of_it()
    {
        shared.WriteBytes("assumed.csv", [.. Encoding.UTF8.GetBytes(Texts().Replace(",b\n", ",a\n", StringComparison.Ordinal)), .. "caf"u8, 0xE9, .. ",a\n"u8]);
        string[] arguments = ["train", "classify", "assumed.csv", .. _quick, "--output", "assumed"];
        CommandLine.Result failed = shared.Run(arguments);
        failed.MustFail(3, "Note: The file is no UTF-8", "All 61 texts have the label «a»");
        Assert.True(failed.Error.IndexOf("Note: ", StringComparison.Ordinal) < failed.Error.IndexOf("engram: ", StringComparison.Ordinal));
        Assert.DoesNotContain("Note: ", shared.Run([.. arguments, "--quiet"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_not_there_to_go_on_with_is_told_and_begins()
    {
        shared.Write("fresh.csv", Texts());
        string[] arguments = ["train", "classify", "fresh.csv", .. _quick, "--output", "fresh", "--resume"];
        const string note = "Note: There is no run in fresh to go on with: training starts from the beginning.";
        Assert.Contains(note, shared.Run(arguments).MustSucceed().Error, StringComparison.Ordinal);
        Assert.DoesNotContain(note, shared.Run(arguments).MustSucceed().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u202e\u0001 \u0645\u0631\u062d\u0628\u0627 😀")]
    [InlineData("")]
    public void Odd_texts_are_learnt_from(string text)
    {
        string name = $"odd{text.Length}";
        shared.Write(name + ".csv", Texts() + $"\"{text}\",a\n");
        shared.Run(["train", "classify", name + ".csv", .. _quick, "--output", name, "--quiet"]).MustSucceed();
    }

    [Fact]
    public void Ten_megabytes_in_a_cell_and_bytes_that_are_no_utf_8_are_read()
    {
        shared.WriteBytes("large.csv", [.. Encoding.UTF8.GetBytes(Texts()), .. Encoding.UTF8.GetBytes("\"" + string.Concat(Enumerable.Repeat("word ", 2_100_000)) + "\",a\n")]);
        shared.Run(["train", "classify", "large.csv", .. _quick, "--output", "large", "--quiet"]).MustSucceed();
        shared.WriteBytes("latin.csv", [.. Encoding.UTF8.GetBytes(Texts()), .. "caf"u8, 0xE9, .. ",a\n"u8]);
        Assert.Contains("The file is no UTF-8", shared.Run(["train", "classify", "latin.csv", .. _quick, "--output", "latin"]).MustSucceed().Error, StringComparison.Ordinal);
    }

    private static string Texts() => "text,label\n" + string.Concat(Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? $"good film {i % 7},a\n" : $"bad film {i % 5},b\n"));
}
