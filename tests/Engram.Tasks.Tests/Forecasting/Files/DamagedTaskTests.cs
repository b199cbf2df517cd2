using System.Text.Json.Nodes;
using Engram.Files;

namespace Engram.Tasks.Tests.Forecasting.Files;

public sealed class DamagedTaskTests
{
    private static readonly Lazy<Forecaster> _forecaster = new(() => Forecaster.Train(TestTables.Hourly(TestTables.Sine(100)), "y", TestTables.Quick with { Epochs = 1 }));

    public static TheoryData<string, string?> Damages => new()
    {
        { "spec", null },
        { "tail", null },
        { "options", null },
        { "spec.window", "9" },
        { "spec.window", "-1" },
        { "spec.horizon", "2" },
        { "spec.horizon", "1e99" },
        { "spec.season", "1" },
        { "spec.difference", "\"auto\"" },
        { "spec.difference", "\"sideways\"" },
        { "spec.difference", "\"seasonal\"" },
        { "spec.relative", "[1]" },
        { "spec.relative", "null" },
        { "spec.scalers", "[]" },
        { "spec.scalers", "[null]" },
        { "spec.scalers", "[{\"kind\":\"odd\"}]" },
        { "spec.scalers", "[{\"kind\":\"min-max\",\"minimum\":\"NaN\",\"maximum\":1}]" },
        { "spec.targetScale", "0" },
        { "spec.naiveError", "\"Infinity\"" },
        { "spec.schema.features", "[]" },
        { "spec.schema.features", "[null]" },
        { "spec.schema.step", "\"never\"" },
        { "spec.schema.timeColumns", null },
        { "tail.values", "[\"NaN\"]" },
        { "tail.values", null },
        { "linear.coefficients", "\"AAAA\"" },
        { "linear.means", "[]" },
        { "linear.deviations", "[0]" },
        { "kind", "\"classify\"" },
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
        ModelFile.Write(folder.File("damaged.safetensors"), _forecaster.Value.Model, document.ToJsonString());

        ModelFileException error = Assert.Throws<ModelFileException>(() => Forecaster.Load(folder.File("damaged.safetensors")));

        Assert.Contains("damaged.safetensors", error.Message, StringComparison.Ordinal);
    }

    private static string Document(TemporaryFolder folder)
    {
        _forecaster.Value.Save(folder.File("model.safetensors"));
        return ModelFile.Read(folder.File("model.safetensors")).Task!.Value.GetRawText();
    }
}
