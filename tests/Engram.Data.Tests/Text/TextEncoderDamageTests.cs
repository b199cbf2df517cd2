using System.Text.Json;
using System.Text.Json.Serialization;
using Engram.Files;

namespace Engram.Data.Tests.Text;

/// <summary>Damaged descriptions of an encoder give an error of ours, or an encoder that works.</summary>
public sealed partial class TextEncoderDamageTests
{
    [Theory]
    [InlineData(TokenizerKind.Words)]
    [InlineData(TokenizerKind.Whitespace)]
    [InlineData(TokenizerKind.Characters)]
    [InlineData(TokenizerKind.Bpe)]
    public void Damaged_documents_are_refused_or_harmless(TokenizerKind kind)
    {
        const string text = "the cat sat on the mat, the dog sat.\n中文 👍";
        TextEncoder sound = TextEncoder.Learn([text, text], new TextOptions { Tokenizer = kind, Vocabulary = kind == TokenizerKind.Bpe ? 268 : 40 });
        string json = JsonSerializer.Serialize(sound.ToDocument(), DocumentJson.Default.TextEncoderDocument);
        Assert.Equal(sound.Encode(text), TextEncoder.FromDocument(JsonSerializer.Deserialize(json, DocumentJson.Default.TextEncoderDocument)!).Encode(text));
        int refused = 0, harmless = 0;
        Mutation.Run(1500, random => Mutation.OfJson(json, random), damaged =>
        {
            TextEncoderDocument? document;
            try
            {
                document = JsonSerializer.Deserialize(damaged, DocumentJson.Default.TextEncoderDocument);
            }
            catch (JsonException)
            {
                return; // Is told by whoever reads the file.
            }
            if (document is null)
            {
                return;
            }
            try
            {
                TextEncoder encoder = TextEncoder.FromDocument(document);
                int[] ids = encoder.Encode(text);
                encoder.Decode(ids);
                Assert.All(ids, id => Assert.InRange(id, 0, encoder.Vocabulary.Count - 1));
                harmless++;
            }
            catch (ModelFileException error)
            {
                Assert.StartsWith("The vocabulary is damaged: ", error.Message, StringComparison.Ordinal);
                refused++;
            }
        });
        Assert.True(refused > 50 && harmless > 0, $"{refused} refused, {harmless} harmless");
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(TextEncoderDocument))]
    private sealed partial class DocumentJson : JsonSerializerContext
    {
    }
}
