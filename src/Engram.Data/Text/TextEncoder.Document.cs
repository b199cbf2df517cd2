using Engram.Files;

namespace Engram.Data;

public sealed partial class TextEncoder
{
    /// <summary>What a model file keeps of the encoder.</summary>
    public TextEncoderDocument ToDocument() => new()
    {
        Options = Options,
        Tokens = Vocabulary.Tokens,
        Counts = Vocabulary.Counts,
        Merges = _merges is null ? null : [.. _merges.All.Select(merge => $"{Vocabulary[merge.Left]} {Vocabulary[merge.Right]}")],
    };

    /// <summary>The encoder that a document describes: it gives the ids that the one gave that was kept.</summary>
    /// <exception cref="ModelFileException">The document is damaged: a token twice, special entries missing, merges that do not fit.</exception>
    public static TextEncoder FromDocument(TextEncoderDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        try
        {
            BytePairMerges? merges = TextEncoderDocumentCheck.Check(document);
            Vocabulary vocabulary = new([.. document.Tokens], document.Counts is { } counts ? [.. counts] : null);
            return new TextEncoder(document.Options, Tokenizer.Of(document.Options.Tokenizer), vocabulary, merges);
        }
        catch (FormatException exception)
        {
            throw new ModelFileException($"The vocabulary is damaged: {exception.Message}. Take another copy of the file, or train again.", exception);
        }
    }
}
