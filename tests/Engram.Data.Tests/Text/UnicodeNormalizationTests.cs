using System.Security.Cryptography;
using System.Text;

namespace Engram.Data.Tests.Text;

public sealed class UnicodeNormalizationTests
{
    [Theory]
    [InlineData("e\u0301", "é", "é")]
    [InlineData("ﬁn ① Ａ", "ﬁn ① Ａ", "fin 1 A")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("\u1112\u1161\u11AB 한", "한 한", "한 한")]
    [InlineData("\u212B \u0958 \u2126", "Å \u0915\u093C Ω", "Å \u0915\u093C Ω")]
    [InlineData("か\u3099 ｶﾞ", "が ｶﾞ", "が ガ")]
    [InlineData("plain ASCII, naïve", "plain ASCII, naïve", "plain ASCII, naïve")]
    [InlineData("\u0301a", "\u0301a", "\u0301a")]
    public void Texts_take_their_normal_form(string text, string composed, string compatible)
    {
        Assert.Equal(composed, UnicodeNormalization.Normalize(text, compatibility: false));
        Assert.Equal(compatible, UnicodeNormalization.Normalize(text, compatibility: true));
    }

    /// <summary>The SHA-256 of what Python's unicodedata 14.0 makes of all characters, each with marks behind it.</summary>
    [Theory]
    [InlineData(false, "d6b9fdbcc2277ba3b2bfc8d512d4e4c0a6038588c07e56c1f13f0054712b490b")]
    [InlineData(true, "dd389acd77c0a30df98b8054abde6faa116a5ef2fd089837df924d94b3b61519")]
    public void All_characters_take_the_form_that_Python_gives_them(bool compatibility, string sha256)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int point = 0; point < 0x110000; point++)
        {
            if (Rune.IsValid(point))
            {
                string normal = UnicodeNormalization.Normalize($"a{new Rune(point)}\u0301\u0323{new Rune(point)}\u1161\u11A8", compatibility);
                Assert.True(point % 97 != 0 || normal == UnicodeNormalization.Normalize(normal, compatibility), $"U+{point:X4} changes twice");
                hash.AppendData(Encoding.UTF8.GetBytes(normal));
            }
        }
        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void An_encoder_takes_both_spellings_for_one()
    {
        TextEncoder encoder = TextEncoder.Learn(["café"]), exact = TextEncoder.Learn(["café"], new TextOptions { Unicode = UnicodeForm.None });
        Assert.Equal(encoder.Encode("café"), encoder.Encode("cafe\u0301"));
        Assert.Equal([Vocabulary.Unknown], exact.Encode("cafe\u0301"));
    }
}
