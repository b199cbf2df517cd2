using System.Text;
using Engram.Plots.Fonts;
using SkiaSharp;

namespace Engram.Plots.Tests.Fonts;

public sealed class LabelFontsTests
{
    [Fact]
    public void Letters_are_drawn_on_a_machine_without_any_font()
    {
        Picture picture = Charts.Loss([2, 1], title: "A title").WithFonts(new LabelFonts(new NoFonts()));
        Assert.Empty(picture.Notes);
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        Assert.True(bitmap.Ink(500, 5, 750, 35) > 100);
    }

    [Fact]
    public void Every_text_of_a_picture_is_in_the_shipped_font()
    {
        // A text in another font would stay a text: only known fonts are turned into outlines.
        string svg = Charts.Forecast([1, 2, 3], [1, 2, 3], new ForecastChartOptions { TestStart = 2 }).WithFonts(new LabelFonts(new NoFonts())).ToSvg();
        Assert.DoesNotContain("<text", svg, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"test starts\"", svg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Précédent, Größe, Ελληνικά, Русский")]
    [InlineData("R² ≈ 0.9 → σ·√n − 1 µg/m³ °C €")]
    public void European_scripts_and_signs_are_in_the_shipped_font(string text)
    {
        LabelFont font = new LabelFonts(new NoFonts()).For(text);
        Assert.Same(LabelFonts.Shipped, font.Typeface);
        Assert.Empty(font.Missing);
    }

    [Theory]
    [InlineData("收盘价", "fonts-noto-cjk")]
    [InlineData("株価 주가", "fonts-noto-cjk")]
    [InlineData("מחיר", "fonts-noto-core")]
    [InlineData("价 हानि", "fonts-noto-cjk fonts-noto-core")]
    public void Where_no_font_has_the_characters_a_note_names_them_and_the_package(string title, string packages)
    {
        Picture picture = Charts.Loss([2, 1], title: title).WithFonts(new LabelFonts(new NoFonts()));
        string note = Assert.Single(picture.Notes);
        Assert.Contains(title[..1], note, StringComparison.Ordinal);
        Assert.Contains($"apt-get install {packages})", note, StringComparison.Ordinal);
        Assert.NotEmpty(picture.ToPng());
    }

    [Fact]
    public void A_font_of_the_machine_that_is_no_better_does_not_drive_away_the_shipped_one()
    {
        using SKTypeface partial = new SystemFonts().With(new Rune('A')).FirstOrDefault() ?? SKTypeface.Default;
        Assert.SkipWhen(!partial.ContainsGlyph('A'), "skipped: no font on this machine");
        LabelFonts fonts = new(new OneFont(partial));
        Assert.Same(LabelFonts.Shipped, fonts.For("A\U0010FFFD").Typeface);
    }

    [Theory]
    [InlineData("收盘价")]
    [InlineData("מחיר סגירה")]
    [InlineData("سعر الإغلاق")]
    public void A_script_is_drawn_where_a_font_of_the_machine_has_it(string title)
    {
        Picture picture = Charts.Loss([2, 1], title: title);
        Assert.SkipWhen(picture.Notes.Count > 0, "skipped: no font for this script on this machine");
        using SKBitmap bitmap = Pixels.Decode(picture.ToPng());
        Assert.True(bitmap.Ink(500, 5, 750, 45) > 100);
        // Letters of a font with deep glyphs stay off the upper edge.
        Assert.Equal(0, bitmap.Ink(0, 0, 1200, 5));
        string svg = picture.ToSvg();
        Assert.Contains($"aria-label=\"{title}\"", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("<text", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_whose_letters_join_or_run_from_right_to_left_are_shaped()
    {
        Assert.True(LabelFonts.NeedsShaping("שלום"));
        Assert.True(LabelFonts.NeedsShaping("price हानि"));
        Assert.False(LabelFonts.NeedsShaping("Größe 价 цена"));
    }

    [Fact]
    public void Shaping_one_picture_leaves_the_next_as_it_was()
    {
        Picture plain = Charts.Loss([2, 1], title: "(90%)");
        byte[] before = plain.ToPng();
        Picture shaped = Charts.Loss([2, 1], title: "שלום");
        Assert.NotEmpty(shaped.ToPng());
        Assert.NotEmpty(shaped.ToSvg());
        Assert.Equal(before, plain.ToPng());
    }

    private sealed class NoFonts : ISystemFonts
    {
        public IEnumerable<SKTypeface> With(Rune character) => [];
    }

    private sealed class OneFont(SKTypeface typeface) : ISystemFonts
    {
        public IEnumerable<SKTypeface> With(Rune character) => [typeface];
    }
}
