using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Tests.Options;

public sealed class ConfigFileTests(TrainedRun shared)
{
    [Fact]
    public void Values_are_told_as_the_command_line_writes_them()
    {
        string file = shared.Write("values.json", "\uFEFF{ // the small model\n  \"units\": [200, 200], \"learning-rate\": 1e-3,\n  \"schedule\": \"cosine\", \"crf\": false, \"features\": [\"a\", \"b\"],\n}\n");

        Assert.Equal(
            [
                new ConfigFile.Entry("units", "200,200", null, 2), new("learning-rate", "1e-3", null, 2), new("schedule", "cosine", null, 3), new("crf", null, false, 3),
                new("features", "a,b", null, 3),
            ],
            ConfigFile.Read(file));
    }

    [Theory]
    [InlineData("", "line 1", "no JSON")]
    [InlineData("[1]", "line 1", "no JSON")]
    [InlineData("{\n\"units\": ", "line 2", "no JSON")]
    [InlineData("{} {}", "line 1", "no JSON")]
    [InlineData("{\n\n\"units\": null}", "line 3", "'units' needs a text")]
    [InlineData("{\"units\": {}}", "line 1", "'units' needs a text")]
    [InlineData("{\"units\": [1, [2]]}", "line 1", "'units' may hold texts and numbers alone")]
    public void What_is_no_object_of_options_is_told_with_its_line(string json, params string[] words)
    {
        string file = shared.Write($"bad-{Guid.NewGuid():N}.json", json);

        string message = Assert.Throws<InvalidOptionException>(() => ConfigFile.Read(file)).Message;

        Assert.All(words.Append(file), word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_that_is_no_utf8_is_told_with_its_line()
    {
        string file = shared.WriteBytes("damaged.json", [.. "{\n\"text\": \""u8, 0xFF, .. "\"}"u8]);

        Assert.Contains("line 2: this is no JSON", Assert.Throws<InvalidOptionException>(() => ConfigFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such.json", "there is no such file")]
    [InlineData("run", "is a folder")]
    public void What_is_no_file_is_told(string name, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidOptionException>(() => ConfigFile.Read(shared.PathOf(name))).Message, StringComparison.Ordinal);
}
