using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Engram.Plots.Fonts;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace Engram.Plots.Drawing;

/// <summary>
/// Replaces the texts of an SVG by the outlines of their letters, so that it needs no font where it is opened. The words stay readable
/// for screen readers and searches as <c>aria-label</c>.
/// </summary>
internal static class TextOutlines
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    public static string Replace(string svg, IEnumerable<SKTypeface> typefaces, int width, int height)
    {
        Dictionary<string, SKTypeface> byFamily = [];
        foreach (SKTypeface typeface in typefaces)
        {
            byFamily[typeface.FamilyName] = typeface;
        }
        XDocument document = XDocument.Parse(svg, LoadOptions.PreserveWhitespace);
        document.Root!.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}"));
        foreach (XElement text in document.Descendants(Namespace + "text").ToArray())
        {
            if (byFamily.TryGetValue((string?)text.Attribute("font-family") ?? string.Empty, out SKTypeface? typeface))
            {
                text.ReplaceWith(Outline(text, typeface));
            }
        }
        return document.Declaration + "\n" + document.ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Outline(XElement text, SKTypeface typeface)
    {
        string words = text.Value.Trim('\n', '\t', '\r');
        float[] x = Numbers(text, "x");
        float[] y = Numbers(text, "y");
        using SKFont font = new(typeface, Numbers(text, "font-size")[0]);
        string outlines = LabelFonts.NeedsShaping(words) ? Shaped(words, font, x, y) : SideBySide(words, font, x, y);
        return new XElement(
            Namespace + "path",
            new XAttribute("role", "img"),
            new XAttribute("aria-label", words),
            text.Attribute("fill"),
            text.Attribute("fill-opacity"),
            text.Attribute("transform"),
            new XAttribute("d", outlines));
    }

    private static string SideBySide(string words, SKFont font, float[] x, float[] y)
    {
        StringBuilder outlines = new();
        int index = 0;
        foreach (Rune letter in words.EnumerateRunes())
        {
            if (index < x.Length)
            {
                // One y stands for all letters.
                Append(outlines, font, font.Typeface.GetGlyph(letter.Value), x[index], y[Math.Min(index, y.Length - 1)]);
            }
            index++;
        }
        return outlines.ToString();
    }

    private static string Shaped(string words, SKFont font, float[] x, float[] y)
    {
        using SKShaper shaper = new(font.Typeface);
        SKShaper.Result result = shaper.Shape(words, font);
        float width = font.MeasureText(words);
        // The text hangs on its beginning, middle or end, which lies at 0: so it does after shaping has changed its width.
        float hangsAt = width > 0 ? -x[0] / width : 0;
        StringBuilder outlines = new();
        for (int glyph = 0; glyph < result.Codepoints.Length; glyph++)
        {
            SKPoint place = result.Points[glyph];
            Append(outlines, font, (ushort)result.Codepoints[glyph], place.X - hangsAt * result.Width, place.Y + y[0]);
        }
        return outlines.ToString();
    }

    private static void Append(StringBuilder outlines, SKFont font, ushort glyph, float x, float y)
    {
        using SKPath? path = font.GetGlyphPath(glyph);
        if (path is not null)
        {
            path.Transform(SKMatrix.CreateTranslation(x, y));
            outlines.Append(path.ToSvgPathData());
        }
    }

    private static float[] Numbers(XElement element, string name) =>
        [.. ((string?)element.Attribute(name) ?? "0")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
}
