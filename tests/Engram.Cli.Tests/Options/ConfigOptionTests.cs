using System.CommandLine;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Tasks;

namespace Engram.Cli.Tests.Options;

public sealed class ConfigOptionTests(TrainedRun shared)
{
    [Fact]
    public void Options_of_the_file_hold_where_the_command_line_does_not_say_them()
    {
        string file = Write("""{ "target": "value", "units": [5, 5], "seed": 7, "refit": true, "nesterov": false, "missing": "-,=x" }""");

        ParseResult result = Complete("train", "forecast", "x.csv", "--units", "9", "--config", file);

        Assert.False(UsageError.IsIn(result));
        Assert.Equal("value", result.GetValue<string?>("--target"));
        Assert.Equal([9], result.GetValue<IReadOnlyList<int>?>("--units")!);
        Assert.Equal(["-", "=x"], result.GetValue<IReadOnlyList<string>?>("--missing")!);
        Assert.Equal(7, result.GetValue(CommonOptions.Seed));
        Assert.True(result.GetValue<bool>("--refit"));
        Assert.False(result.GetValue<bool>("--nesterov"));
    }

    [Theory]
    [InlineData("train forecast x.csv")]
    [InlineData("train classify x.csv --text a --label b")]
    [InlineData("train tag x.txt")]
    [InlineData("train language-model x.txt")]
    public void Every_verb_of_train_takes_it(string line)
    {
        string file = Write(line.Contains("forecast", StringComparison.Ordinal) ? """{ "target": "value", "epochs": 3 }""" : """{ "epochs": 3 }""");

        ParseResult result = Complete([.. line.Split(' '), "--config", file]);

        Assert.False(UsageError.IsIn(result));
        Assert.Equal(3, result.GetValue<int?>("--epochs"));
    }

    [Fact]
    public void Files_may_stand_behind_two_lines()
    {
        ParseResult result = Complete("train", "tag", "--config", Write("""{ "crf": true }"""), "--", "-odd-name.txt");

        Assert.Empty(result.Errors);
        Assert.True(result.GetValue<bool>("--crf"));
    }

    [Theory]
    [InlineData("{\n\"unist\": 3}", "line 2", "'engram train forecast' has no option 'unist'; did you mean 'units'?")]
    [InlineData("{\"--units\": 3}", "has no option '--units'; did you mean 'units'?")]
    [InlineData("{\"config\": \"other.json\"}", "has no option 'config'")]
    [InlineData("{\n\n\"window\": \"six\"}", "line 3", "--window: 'six' is no whole number")]
    [InlineData("{\"window\": true}", "'window' needs a value, N")]
    [InlineData("{\"window\": []}", "--window needs a value, N")]
    [InlineData("{\"refit\": 1}", "'refit' is true or false")]
    [InlineData("{\"refit\": true, \"refit\": false}", "'refit' is given more than once")]
    public void What_is_no_option_or_no_value_is_told_with_its_line(string json, params string[] words)
    {
        string file = Write(json);

        string message = Assert.Throws<InvalidOptionException>(() => Complete("train", "forecast", "x.csv", "--target", "y", "--window", "4", "--config", file)).Message;

        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_is_told_from_a_file_and_its_faults_end_with_2()
    {
        shared.Write("recipe.json", """{ "target": "value", "window": 8, "units": 4, "epochs": 1, "output": "from-file", "quiet": true }""");
        shared.Write("misspelt.json", """{ "widnow": 8 }""");

        shared.Run("train", "forecast", "data.csv", "--config", "recipe.json", "--epochs", "2").MustSucceed();
        Assert.Contains("\"epochs\": 2", File.ReadAllText(shared.PathOf("from-file/options.json")), StringComparison.Ordinal);
        shared.Run("train", "forecast", "data.csv", "--target", "value", "--config", "misspelt.json").MustFail(2, "misspelt.json", "line 1", "did you mean 'window'?");
        shared.Run("predict", "run", "--config", "recipe.json").MustFail(2, "has no option '--config'");
    }

    private string Write(string json) => shared.Write($"config-{Guid.NewGuid():N}.json", json);

    private static ParseResult Complete(params string[] arguments) => ConfigOption.Complete(EngramCommand.Parse(arguments), arguments);
}
