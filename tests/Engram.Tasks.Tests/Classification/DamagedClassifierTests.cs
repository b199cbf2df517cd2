using System.Text.Json.Nodes;
using Engram.Files;

namespace Engram.Tasks.Tests.Classification;

public sealed class DamagedClassifierTests
{
    private static readonly Lazy<TextClassifier> _classifier = new(() => TextClassifier.Train(TestTexts.Separable(60, "a", "b", "c"), TestTexts.Quick with { Epochs = 1 }));

    public static TheoryData<string, string?> Damages => new()
    {
        { "kind", "\"forecast\"" },
        { "kind", "\"knit\"" },
        { "encoder", null },
        { "encoder", "null" },
        { "encoder.tokens", "[]" },
        { "encoder.tokens", "null" },
        { "encoder.tokens", "[\"<pad>\",\"<pad>\"]" },
        { "encoder.counts", "[1]" },
        { "encoder.options", "null" },
        { "encoder.options.tokenizer", "\"teeth\"" },
        { "encoder.options.vocabulary", "-1" },
        { "classes", null },
        { "classes", "null" },
        { "classes", "[\"a\",\"b\"]" },
        { "classes", "[\"a\",\"b\",\"b\"]" },
        { "classes", "[\"a\",\"b\",null]" },
        { "classes", "[\"a\",\"b\",\"c\",\"d\"]" },
        { "options", null },
        { "options", "null" },
        { "options.text", "null" },
        { "options.units", "null" },
        { "options.length", "9" },
        { "options.length", "-1" },
        { "options.truncation", "\"middle\"" },
        { "options.truncation", "77" },
        { "files", "null" },
        { "sha256", "null" },
        { "classCounts", "[1,2]" },
        { "classCounts", "[1,2,-3]" },
        { "bagOfWords.rarity", "\"AAAA\"" },
        { "bagOfWords.weights", "null" },
        { "bagOfWords.biases", "\"no base 64\"" },
        { "report", "[]" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_description_is_refused(string path, string? value)
    {
        using TemporaryFolder folder = new();
        JsonNode document = JsonNode.Parse(Document(folder))!;
        string[] names = path.Split('.');
        JsonObject parent = names[..^1].Aggregate(document, (node, name) => node[name]!).AsObject();
        Assert.True(parent.ContainsKey(names[^1]), path);
        parent.Remove(names[^1]);
        if (value is not null)
        {
            parent[names[^1]] = JsonNode.Parse(value);
        }
        ModelFile.Write(folder.File("damaged.safetensors"), (Sequential)_classifier.Value.Model, document.ToJsonString());

        ModelFileException error = Assert.Throws<ModelFileException>(() => TextClassifier.Load(folder.File("damaged.safetensors")));

        Assert.Contains("damaged.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecaster_is_no_classifier_and_a_classifier_no_forecaster()
    {
        using TemporaryFolder folder = new();
        _classifier.Value.Save(folder.File("model.safetensors"));

        Assert.Contains("task classify", Assert.Throws<ModelFileException>(() => Forecaster.Load(folder.File("model.safetensors"))).Message, StringComparison.Ordinal);
        Assert.IsType<TextClassifier>(TaskModel.Load(folder.File("model.safetensors")));
    }

    private static string Document(TemporaryFolder folder)
    {
        _classifier.Value.Save(folder.File("model.safetensors"));
        return ModelFile.Read(folder.File("model.safetensors")).Task!.Value.GetRawText();
    }
}
