using System.Globalization;
using System.Text;
using System.Xml.Linq;
using SkiaSharp;

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
        StringBuilder outlines = new();
        int index = 0;
        foreach (Rune letter in words.EnumerateRunes())
        {
            using SKPath? glyph = font.GetGlyphPath(typeface.GetGlyph(letter.Value));
            if (glyph is not null && index < x.Length)
            {
                // One y stands for all letters.
                glyph.Transform(SKMatrix.CreateTranslation(x[index], y[Math.Min(index, y.Length - 1)]));
                outlines.Append(glyph.ToSvgPathData());
            }
            index++;
        }
        return new XElement(
            Namespace + "path",
            new XAttribute("role", "img"),
            new XAttribute("aria-label", words),
            text.Attribute("fill"),
            text.Attribute("fill-opacity"),
            text.Attribute("transform"),
            new XAttribute("d", outlines.ToString()));
    }

    private static float[] Numbers(XElement element, string name) =>
        [.. ((string?)element.Attribute(name) ?? "0")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
}
