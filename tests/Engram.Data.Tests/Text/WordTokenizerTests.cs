namespace Engram.Data.Tests.Text;

public sealed class WordTokenizerTests
{
    private static IReadOnlyList<string> Cut(string text, TextOptions? options = null) => TextEncoder.Learn(["x"], options ?? new TextOptions()).Tokenize(text);

    [Theory]
    [InlineData("Good, isn't it?", "Good|,|is|n't|it|?")]
    [InlineData("I can't; they WON'T, he'll, we've, I'd, I'm, they're, it's", "I|ca|n't|;|they|WO|N'T|,|he|'ll|,|we|'ve|,|I|'d|,|I|'m|,|they|'re|,|it|'s")]
    [InlineData("don’t", "do|n't")]
    [InlineData("O'Brien's rock'n'roll o'clock", "O'Brien|'s|rock'n'roll|o'clock")]
    [InlineData("'quoted' \"too\"", "'|quoted|'|\"|too|\"")]
    [InlineData("1,000.50 for 3.5, or 10/10 in the 1990s. 5,", "1,000.50|for|3.5|,|or|10|/|10|in|the|1990s|.|5|,")]
    [InlineData("50% off $5", "50|%|off|$|5")]
    [InlineData("well-made -- or not....", "well|-|made|--|or|not|...")]
    [InlineData("one<br /><br>two<BR/>three <b>x", "one|two|three|<|b|>|x")]
    [InlineData("See http://a.org/b?c=1, (www.x.com) now", "See|http://a.org/b?c=1|,|(|www.x.com|)|now")]
    [InlineData("the U.S.A. and e.g. this. A. B", "the|U.S.A.|and|e.g.|this|.|A|.|B")]
    [InlineData("我爱电影,2024年。", "我|爱|电|影|,|2024|年|。")]
    [InlineData("映画がすき abc漢", "映|画|が|す|き|abc|漢")]
    [InlineData("한국 영화", "한국|영화")]
    [InlineData("👨‍👩‍👧 ok 👍🏽🇩🇪!", "👨‍👩‍👧|ok|👍🏽|🇩🇪|!")]
    [InlineData("naïve café Straße", "naïve|café|Straße")]
    [InlineData("שלום עולם, مرحبا", "שלום|עולם|,|مرحبا")]
    [InlineData("a\u200Fb soft\u00ADhyphen \u0000\u0007c\u00A0d", "ab|softhyphen|c|d")]
    [InlineData("   \t\n ", "")]
    [InlineData("", "")]
    public void A_text_is_cut_by_the_rules(string text, string tokens) =>
        Assert.Equal(tokens.Length == 0 ? [] : tokens.Split('|'), Cut(text));

    [Fact]
    public void Halves_of_surrogate_pairs_do_no_harm() => Assert.Equal(["a", "\uFFFD", "b"], Cut("a\uD83Db"));

    [Fact]
    public void Small_letters_where_asked_for() => Assert.Equal(["ééa", "привет", "i"], Cut("ÉÉA ПРИВЕТ I", new TextOptions { LowerCase = true }));

    [Theory]
    [InlineData("Good, is n't it? (I think.) He said \"no\" -- it cost $5.")]
    [InlineData("我爱电影。")]
    public void Joined_words_read_as_written(string text)
    {
        TextEncoder encoder = TextEncoder.Learn([text]);
        Assert.Equal(text.Replace("is n't", "isn't", StringComparison.Ordinal), encoder.Decode(encoder.Encode(text)));
    }

    [Fact]
    public void A_word_of_ten_million_letters_is_one_unknown_token()
    {
        TextEncoder encoder = TextEncoder.Learn(["a b"]);
        Assert.Equal([Vocabulary.Unknown], encoder.Encode(new string('x', 10_000_000)));
    }
}
