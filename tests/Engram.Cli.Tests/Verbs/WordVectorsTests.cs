using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

/// <summary>Word vectors and frozen layers, as a user gives them.</summary>
public sealed class WordVectorsTests : IDisposable
{
    private static readonly string _names = Path.Combine(Repository.Root, "samples", "data", "names.txt");
    private static readonly string _questions = Path.Combine(Repository.Root, "samples", "data", "questions.csv");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Verbs => new()
    {
        { "classify", [_questions, "--text", "question", "--label", "kind", "--units", "4", "--length", "10"] },
        { "tag", [_names, "--units", "4", "--character-units", "3"] },
        { "language-model", [Path.Combine(Repository.Root, "README.md"), "--level", "word", "--units", "4", "--batch-size", "4", "--steps", "10"] },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Vectors_are_taken_told_of_and_frozen(string verb, string[] arguments)
    {
        string vectors = _folder.Write("The 1 2 3\nin 4 5 6\nengram 7 8 9\n", "small.vec");

        CommandLine.Result result = CommandLine.Run(
            ["train", verb, .. arguments, "--word-vectors", vectors, "--freeze", "always", "--epochs", "1", "--output", _folder.File("run"), "--json"]).MustSucceed();

        using JsonDocument report = JsonDocument.Parse(result.Output);
        JsonElement told = report.RootElement.GetProperty("model").GetProperty("wordVectors");
        Assert.Equal(3, told.GetProperty("size").GetInt32());
        Assert.True(told.GetProperty("found").GetInt32() >= 1);
        Assert.Contains("words of the vocabulary", result.Error, StringComparison.Ordinal);
        Assert.Contains("embedding 3", CommandLine.Run("inspect", _folder.File("run")).MustSucceed().Output, StringComparison.Ordinal);
        CommandLine.Run("resume", _folder.File("run")).MustSucceed();
        File.AppendAllText(vectors, "more 1 1 1\n");
        CommandLine.Run("resume", _folder.File("run")).MustFail(3, "small.vec", "have changed");
    }

    [Theory]
    [InlineData(3, "the 1 2\nin 1\n", "row 2", "the same length")]
    [InlineData(3, "the 1 2\nin 1 x\n", "row 2", "'x' is not a number")]
    [InlineData(3, "", "holds no word vectors", "fastText")]
    [InlineData(3, "zyx 1 2\n", "for none of the", "language")]
    [InlineData(3, "the\n", "row 1", "no numbers")]
    [InlineData(2, "the 1 2\n", "--embedding 5", "2 numbers", "--embedding", "5")]
    [InlineData(2, "the 1 2\n", "--freeze", "or always", "--freeze", "soon")]
    [InlineData(2, "the 1 2\n", "--freeze -1", "at least 0", "--freeze", "-1")]
    [InlineData(2, "the 1 2\n", "--word-vectors", "characters", "--tokenizer", "characters")]
    [InlineData(2, "the 1 2\n", "--word-vectors", "--from", "--from", "nothing")]
    public void What_does_not_serve_ends_with_its_code(int code, string text, string told, string remedy, params string[] options)
    {
        string vectors = _folder.Write(text, "bad.vec");

        CommandLine.Run(["train", "classify", _questions, "--text", "question", "--label", "kind", "--word-vectors", vectors, "--epochs", "1", "--output", _folder.File("run"), .. options])
            .MustFail(code, code == 3 ? ["bad.vec", told, remedy] : [told, remedy]);

        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public void Levels_without_words_and_freezing_of_nothing_are_refused()
    {
        string text = Path.Combine(Repository.Root, "README.md");
        CommandLine.Run("train", "language-model", text, "--word-vectors", "v.vec", "--output", _folder.File("run")).MustFail(2, "--word-vectors v.vec", "characters", "--tokenizer words");
        CommandLine.Run("train", "tag", _names, "--freeze", "always", "--output", _folder.File("run")).MustFail(2, "--freeze always", "--word-vectors");
    }

    [Fact]
    public void A_missing_file_is_the_datas_fault() => CommandLine.Run("train", "tag", _names, "--word-vectors", _folder.File("none.vec"), "--output", _folder.File("run"))
        .MustFail(3, "none.vec", "no such file");
}
