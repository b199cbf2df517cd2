using System.Text.Json;
using System.Text.Json.Serialization;
using Engram.Files;

namespace Engram.Data.Tests.Text;

/// <summary>Whatever became of the description of an encoder, which holds its vocabulary, there is an encoder that works, or a <see cref="ModelFileException"/>.</summary>
public sealed partial class TextEncoderMutationTests
{
    private const int Count = 250_000;

    private const string Sentence = "the cat sat on the mat, the dog sat.\n中文 👍";

    private int _refused, _works;

    [Theory]
    [InlineData(TokenizerKind.Words)]
    [InlineData(TokenizerKind.Whitespace)]
    [InlineData(TokenizerKind.Characters)]
    [InlineData(TokenizerKind.Bpe)]
    public void A_description_with_members_or_bytes_changed_is_read_or_refused(TokenizerKind kind)
    {
        TextEncoder sound = TextEncoder.Learn([Sentence, Sentence], new TextOptions { Tokenizer = kind, Vocabulary = kind == TokenizerKind.Bpe ? 268 : 40 });
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(sound.ToDocument(), DocumentJson.Default.TextEncoderDocument);
        Assert.Equal(sound.Encode(Sentence), TextEncoder.FromDocument(JsonSerializer.Deserialize(json, DocumentJson.Default.TextEncoderDocument)!).Encode(Sentence));
        JsonSpans spans = new(json);

        Mutation.Run(Count, random => random.Next(4) == 0 ? Mutation.Of(json, random) : Mutation.OfJson(spans, random), Read);

        Assert.True(_refused > 0 && _works > 0, $"{_refused} refused, {_works} work");
    }

    private void Read(byte[] json)
    {
        TextEncoderDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, DocumentJson.Default.TextEncoderDocument);
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
            int[] ids = encoder.Encode(Sentence);
            encoder.Decode(ids);
            Assert.DoesNotContain(ids, id => id < 0 || id >= encoder.Vocabulary.Count);
            Interlocked.Increment(ref _works);
        }
        catch (ModelFileException error)
        {
            Assert.StartsWith("The vocabulary is damaged: ", error.Message, StringComparison.Ordinal);
            Interlocked.Increment(ref _refused);
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(TextEncoderDocument))]
    private sealed partial class DocumentJson : JsonSerializerContext
    {
    }
}
