using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.ML.Tokenizers;

namespace Engram.Data.Tests.Text;

/// <summary>Byte pairs that we have learnt, run by another library.</summary>
public sealed partial class BytePairTests : IDisposable
{
    private static readonly string[] _pieces =
        ["a", "the ", " cat", "sat", "'s", "n't", "'ll", " ", "  ", "\n", "\t", "é", "中文", "👍🏽", "1", "23", ".", ",", "...", "\u00A0", "Ω", "ab", "aaa"];

    private static readonly Gen<string> _texts = Gen.Int[0, _pieces.Length - 1].Array[0, 40].Select(choices => string.Concat(choices.Select(choice => _pieces[choice])));

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Words_are_those_of_the_expression_of_GPT_2() => _texts.Sample(text =>
    {
        BytePairWords words = new();
        List<string> found = [];
        for (int position = 0; words.Next(text, ref position, out ReadOnlySpan<char> word);)
        {
            found.Add(word.ToString());
        }
        return found.SequenceEqual(Gpt2().Matches(text).Select(match => match.Value));
    });

    [Fact]
    public void The_most_frequent_pairs_are_merged_first()
    {
        // hug 10, pug 5, pun 12, bun 4, hugs 5: u g 20, then h ug 15, then u n 16 … as in the textbook example.
        string text = string.Concat(Repeat("hug", 10), Repeat("pug", 5), Repeat("pun", 12), Repeat("bun", 4), Repeat("hugs", 5));
        TextEncoder encoder = TextEncoder.Learn([text], new TextOptions { Tokenizer = TokenizerKind.Bpe, Vocabulary = 264 });
        Assert.Equal(["u g", "u n", "h ug"], encoder.ToDocument().Merges!.Where(merge => !merge.Contains('\n', StringComparison.Ordinal) && !merge.Contains('Ċ', StringComparison.Ordinal)).Take(3));

        static string Repeat(string word, int times) => string.Concat(Enumerable.Repeat(word + "\n", times));
    }

    [Fact]
    public void Another_library_gives_the_same_ids()
    {
        string corpus = string.Concat(Enumerable.Range(0, 4000).Select(i => _pieces[(i * 7919 + i / 13) % _pieces.Length]));
        TextEncoder encoder = TextEncoder.Learn([corpus], new TextOptions { Tokenizer = TokenizerKind.Bpe, Vocabulary = 600, Unicode = UnicodeForm.None });
        BpeTokenizer other = Run(encoder);
        _texts.Sample(text => encoder.Encode(text).AsSpan().SequenceEqual([.. other.EncodeToIds(text)]));
    }

    [Fact]
    public void A_play_by_Shakespeare_gets_the_same_ids_from_another_library()
    {
        string text = File.ReadAllText(SharedData.Require("text/tinyshakespeare.txt"));
        TextEncoder encoder = TextEncoder.Learn([text], new TextOptions { Tokenizer = TokenizerKind.Bpe, Vocabulary = 4000 });
        Assert.Equal(4000, encoder.Vocabulary.Count);
        int[] ids = encoder.Encode(text);
        Assert.Equal(Run(encoder).EncodeToIds(text), ids);
        Assert.Equal(text, encoder.Decode(ids));
        Assert.InRange(ids.Length, 1, text.Length / 3);
    }

    [Fact]
    public void Long_words_are_merged_like_short_ones() => Gen.Int[0, 2].Array[49, 200].Sample(letters =>
    {
        TextEncoder encoder = TextEncoder.Learn(["abcabcabc aab abb cab cbc aaaa bbbbc abcabc"], new TextOptions { Tokenizer = TokenizerKind.Bpe, Vocabulary = 275 });
        BytePairMerges merges = new([.. encoder.ToDocument().Merges!.Select(merge => merge.Split(' ')).Select(parts => (encoder.Vocabulary.IdOf(parts[0]), encoder.Vocabulary.IdOf(parts[1]), encoder.Vocabulary.IdOf(string.Concat(parts))))]);
        string word = string.Concat(letters.Select(letter => (char)('a' + letter)));
        List<int> plain = [.. word.Select(letter => encoder.Vocabulary.IdOf(letter.ToString()))], ids = [];
        foreach ((int left, int right, int id) in merges.All)
        {
            for (int i = 0; i + 1 < plain.Count; i++)
            {
                if (plain[i] == left && plain[i + 1] == right)
                {
                    plain[i] = id;
                    plain.RemoveAt(i + 1);
                }
            }
        }
        merges.Encode(word, ids);
        return ids.SequenceEqual(plain);
    });

    [Fact]
    public void Other_encoders_have_no_pairs_to_write() =>
        Assert.Throws<InvalidOperationException>(() => TextEncoder.Learn(["a"]).WriteBytePairs(_files.File("v"), _files.File("m")));

    private BpeTokenizer Run(TextEncoder encoder)
    {
        encoder.WriteBytePairs(_files.File("vocab.json"), _files.File("merges.txt"));
        return BpeTokenizer.Create(new BpeOptions(_files.File("vocab.json"), _files.File("merges.txt")) { ByteLevel = true, PreTokenizer = new RegexPreTokenizer(Gpt2(), null) });
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2();
}
