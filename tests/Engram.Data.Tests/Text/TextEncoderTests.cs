using CsCheck;
using Engram.Files;

namespace Engram.Data.Tests.Text;

public sealed class TextEncoderTests
{
    private static readonly string[] _texts = ["the cat sat on the mat", "the dog sat", "a cat, a dog"];

    private static readonly string[] _pieces =
        ["a", "b", " ", "the ", "'s", "\n", "\r\n", "é", "e\u0301", "中", "👍🏽", "\u0000", "\u200F", "\uD83D", "1", "don't", "<unk>", "</s>", "."];

    /// <summary>Texts of all kinds: letters, blanks, accents, Chinese, emoji, control characters, halves of surrogate pairs.</summary>
    private static readonly Gen<string> _anyText = Gen.Select(Gen.Int[0, _pieces.Length * 2], Gen.Char).Array[0, 30]
        .Select(choices => string.Concat(choices.Select(choice => choice.Item1 < _pieces.Length ? _pieces[choice.Item1] : choice.Item2.ToString())));

    private static TextOptions Options(TokenizerKind kind) => new() { Tokenizer = kind, Vocabulary = kind == TokenizerKind.Bpe ? 300 : null };

    [Fact]
    public void Frequent_tokens_come_first_and_ties_in_ordinal_order()
    {
        Vocabulary vocabulary = TextEncoder.Learn(_texts).Vocabulary;
        Assert.Equal(["<pad>", "<unk>", "<s>", "</s>", "the", "a", "cat", "dog", "sat", ",", "mat", "on"], vocabulary.Tokens);
        Assert.Equal([0, 0, 0, 0, 3, 2, 2, 2, 2, 1, 1, 1], vocabulary.Counts!);
    }

    [Fact]
    public void What_is_rare_is_unknown_and_counted_as_such()
    {
        Vocabulary limited = TextEncoder.Learn(_texts, new TextOptions { Vocabulary = 6 }).Vocabulary, frequent = TextEncoder.Learn(_texts, new TextOptions { MinimumCount = 2 }).Vocabulary;
        Assert.Equal(["the", "a"], limited.Tokens.Skip(4));
        Assert.Equal(9, limited.Counts![Vocabulary.Unknown]);
        Assert.Equal(["the", "a", "cat", "dog", "sat"], frequent.Tokens.Skip(4));
        Assert.Equal(3, frequent.Counts![Vocabulary.Unknown]);
        Assert.Equal(Vocabulary.Unknown, limited.IdOf("mat"));
        Assert.False(limited.TryGetId("mat", out _));
    }

    [Fact]
    public void Text_that_is_tokenised_already()
    {
        TextEncoder encoder = TextEncoder.Learn(["no it <unk> n't\n the <pad> \r\n"], Options(TokenizerKind.Whitespace));
        int[] ids = encoder.Encode("no <unk> new\nthe n't\n");
        Assert.Equal([encoder.Vocabulary.IdOf("no"), Vocabulary.Unknown, Vocabulary.Unknown, Vocabulary.End, encoder.Vocabulary.IdOf("the"), encoder.Vocabulary.IdOf("n't"), Vocabulary.End], ids);
        Assert.Equal("no <unk> <unk>\nthe n't\n", encoder.Decode(ids));
        Assert.Equal(2, encoder.Vocabulary.Counts![Vocabulary.End]);
        Assert.Equal(2, encoder.Vocabulary.Counts![Vocabulary.Unknown]);
    }

    [Fact]
    public void Characters_come_back_exactly()
    {
        const string text = "First Citizen:\nSpeak, 中 👍 \t!";
        TextEncoder encoder = TextEncoder.Learn([text], Options(TokenizerKind.Characters));
        Assert.Equal(text, encoder.Decode(encoder.Encode(text)));
        Assert.Equal("\uFFFD", encoder.Decode(encoder.Encode("ß")));
    }

    [Fact]
    public void Byte_pairs_bring_every_text_back() => _anyText.Sample(text =>
    {
        TextEncoder encoder = TextEncoder.Learn(_texts, Options(TokenizerKind.Bpe) with { Unicode = UnicodeForm.None });
        return encoder.Decode(encoder.Encode(text)) == string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
    });

    [Theory]
    [InlineData(TokenizerKind.Words)]
    [InlineData(TokenizerKind.Whitespace)]
    [InlineData(TokenizerKind.Characters)]
    [InlineData(TokenizerKind.Bpe)]
    public void An_encoder_gives_the_same_ids_after_it_was_kept(TokenizerKind kind)
    {
        TextEncoder encoder = TextEncoder.Learn(_texts, Options(kind) with { LowerCase = true });
        TextEncoder again = TextEncoder.FromDocument(encoder.ToDocument());
        Assert.Equal(encoder.Options, again.Options);
        Assert.Equal(encoder.Vocabulary.Counts, again.Vocabulary.Counts);
        _anyText.Sample(text => encoder.Encode(text).AsSpan().SequenceEqual(again.Encode(text)));
    }

    [Theory]
    [InlineData(TokenizerKind.Words)]
    [InlineData(TokenizerKind.Bpe)]
    public void Many_texts_are_encoded_in_their_order(TokenizerKind kind)
    {
        string[] texts = [.. Enumerable.Range(0, 3000).Select(i => string.Join(' ', Enumerable.Range(0, i % 97).Select(j => $"w{(i * j) % 301}")))];
        TextEncoder encoder = TextEncoder.Learn(texts, Options(kind));
        EncodedTexts encoded = encoder.EncodeAll(texts);
        Assert.Equal(texts.Length, encoded.Count);
        Assert.Equal(texts.Max(text => encoder.Encode(text).Length), encoded.LongestLength);
        Assert.All(Enumerable.Range(0, texts.Length), i => Assert.Equal(encoder.Encode(texts[i]), encoded[i].ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Any_number_of_threads_gives_the_same(int threads)
    {
        string[] texts = [.. Enumerable.Range(0, 3000).Select(i => string.Join(' ', Enumerable.Range(0, i % 97).Select(j => $"w{(i * j) % 301}")))];
        TextEncoder encoder = TextEncoder.Learn(texts, threads: threads), usual = TextEncoder.Learn(texts);
        Assert.Equal(usual.Vocabulary.Tokens, encoder.Vocabulary.Tokens);
        Assert.Equal(usual.EncodeAll(texts).Fingerprint(), encoder.EncodeAll(texts, threads: threads).Fingerprint());
    }

    [Fact]
    public void No_thread_is_refused()
    {
        Assert.Equal("threads", Assert.Throws<ArgumentOutOfRangeException>(() => TextEncoder.Learn(_texts, threads: 0)).ParamName);
        Assert.Equal("threads", Assert.Throws<ArgumentOutOfRangeException>(() => TextEncoder.Learn(_texts).EncodeAll(_texts, threads: 0)).ParamName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_500_000)]
    public void What_is_more_than_the_memory_lies_in_a_file(long memoryLimit)
    {
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => string.Join(' ', Enumerable.Range(0, i == 7 ? 300_000 : i % 1100).Select(j => $"w{(i + j) % 301}")))];
        TextEncoder encoder = TextEncoder.Learn(texts.Take(400));
        using EncodedTexts inMemory = encoder.EncodeAll(texts), inFile = encoder.EncodeAll(texts, memoryLimit);
        Assert.Equal(inMemory.TokenCount, inFile.TokenCount);
        Assert.All(Enumerable.Range(0, texts.Length), i => Assert.True(inMemory[i].SequenceEqual(inFile[i])));
        Assert.Equal(inMemory.Fingerprint(), inFile.Fingerprint());
        inFile.Dispose();
        Assert.Throws<ObjectDisposedException>(() => inFile[1999].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.EncodeAll(texts, -1));
    }

    [Fact]
    public void Encoding_ends_when_it_is_cancelled()
    {
        using CancellationTokenSource cancel = new();
        TextEncoder encoder = TextEncoder.Learn(_texts);
        Assert.Throws<OperationCanceledException>(() => encoder.EncodeAll(Endless(), cancellation: cancel.Token));
        Assert.Throws<OperationCanceledException>(() => TextEncoder.Learn(Endless(), cancellation: cancel.Token));

        IEnumerable<string> Endless()
        {
            for (int i = 0; ; i++)
            {
                if (i == 100_000)
                {
                    cancel.Cancel();
                }
                yield return _texts[i % 3];
            }
        }
    }

    [Theory]
    [InlineData(TokenizerKind.Words, 4, 1)]
    [InlineData(TokenizerKind.Bpe, 259, 1)]
    [InlineData(TokenizerKind.Bpe, null, 1)]
    [InlineData(TokenizerKind.Words, 10, 0)]
    [InlineData((TokenizerKind)9, 10, 1)]
    public void Options_outside_their_range_are_named(TokenizerKind kind, int? vocabulary, int minimumCount)
    {
        var options = new TextOptions { Tokenizer = kind, Vocabulary = vocabulary, MinimumCount = minimumCount };
        Assert.StartsWith("options.", Assert.Throws<ArgumentOutOfRangeException>(() => TextEncoder.Learn(_texts, options)).ParamName, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_without_a_token_teach_nothing() => Assert.Throws<DataException>(() => TextEncoder.Learn(["", "  "]));

    [Fact]
    public void Texts_without_a_token_frequent_enough_teach_nothing()
    {
        DataException error = Assert.Throws<DataException>(() => TextEncoder.Learn(["good good bad"], new TextOptions { MinimumCount = 3 }));

        Assert.Contains("occurs 3 times", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_is_not_there_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => TextEncoder.Learn(_texts).Decode([12]));

    [Fact]
    public void Damaged_documents_are_refused()
    {
        TextEncoderDocument words = TextEncoder.Learn(_texts).ToDocument(), pairs = TextEncoder.Learn(_texts, Options(TokenizerKind.Bpe)).ToDocument();
        Refused(words with { Options = null! }, "options are missing");
        Refused(words with { Options = words.Options with { MinimumCount = 0 } }, "MinimumCount");
        Refused(words with { Tokens = null! }, "tokens are missing");
        Refused(words with { Tokens = [.. words.Tokens.Skip(1)] }, "first tokens");
        Refused(words with { Tokens = [.. words.Tokens, "the"], Counts = null }, "stands there twice");
        Refused(words with { Tokens = [.. words.Tokens, null!] }, "is no text");
        Refused(words with { Tokens = [.. words.Tokens, "\uD800"] }, "is no text");
        Refused(words with { Tokens = [.. words.Tokens, "more"] }, "counts");
        Refused(words with { Counts = [.. words.Counts!.Select(count => count - 1)] }, "counts");
        Refused(words with { Merges = ["t h"] }, "knows none");
        Refused(words with { Options = Options(TokenizerKind.Characters) }, "one character");
        Refused(pairs with { Merges = null }, "are missing");
        Refused(pairs with { Merges = [.. pairs.Merges!.Skip(1)] }, "byte pair");
        Refused(pairs with { Merges = [.. pairs.Merges!, pairs.Merges![0]] }, "stands there twice");
        Refused(pairs with { Merges = [null!] }, "byte pair 0");
        Refused(pairs with { Tokens = [.. pairs.Tokens, "zz"], Counts = null, Options = pairs.Options with { Vocabulary = 1000 } }, "comes from no byte pair");

        static void Refused(TextEncoderDocument document, string message) =>
            Assert.Contains(message, Assert.Throws<ModelFileException>(() => TextEncoder.FromDocument(document)).Message, StringComparison.Ordinal);
    }
}
