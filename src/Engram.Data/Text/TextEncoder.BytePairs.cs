using System.Text.Encodings.Web;
using System.Text.Json;
using Engram.Files;

namespace Engram.Data;

public sealed partial class TextEncoder
{
    /// <summary>
    /// Writes the byte pairs in the two files of GPT-2, which other libraries read: the ids of all tokens as JSON, and the merges in their order. The words
    /// that are paired are those of GPT-2 too.
    /// </summary>
    /// <param name="vocabularyPath">Where the tokens go, often <c>vocab.json</c>.</param>
    /// <param name="mergesPath">Where the merges go, often <c>merges.txt</c>.</param>
    /// <exception cref="InvalidOperationException">The tokenizer is not <see cref="TokenizerKind.Bpe"/>.</exception>
    /// <exception cref="FileWriteException">A file cannot be written.</exception>
    public void WriteBytePairs(string vocabularyPath, string mergesPath)
    {
        if (_merges is null)
        {
            throw new InvalidOperationException($"Only byte pairs can be written so; this encoder cuts texts into {Options.Tokenizer}. Learn it with TokenizerKind.Bpe.");
        }
        AtomicFile.Write(vocabularyPath, stream =>
        {
            using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            json.WriteStartObject();
            for (int id = 0; id < Vocabulary.Count; id++)
            {
                json.WriteNumber(Vocabulary[id], id);
            }
            json.WriteEndObject();
        });
        AtomicFile.WriteText(mergesPath, text =>
        {
            text.Write("#version: 0.2\n");
            foreach (string merge in ToDocument().Merges!)
            {
                text.Write(merge);
                text.Write('\n');
            }
        });
    }
}
