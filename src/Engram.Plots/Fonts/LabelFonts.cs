using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace Engram.Plots.Fonts;

/// <summary>
/// Finds the font of a label: the shipped one where it has every character, else the font of the machine that lacks the fewest.
/// The shipped font is part of the assembly, so that labels are drawn on a machine that has no font at all.
/// </summary>
internal sealed class LabelFonts(ISystemFonts systemFonts)
{
    public static LabelFonts Default { get; } = new(new SystemFonts());

    /// <summary>Inter, under the SIL Open Font License: Latin, Greek and Cyrillic letters, arrows and the usual mathematical signs.</summary>
    public static SKTypeface Shipped => LazyShipped.Value;

    private static readonly Lazy<SKTypeface> LazyShipped = new(() =>
    {
        using Stream file = typeof(LabelFonts).Assembly.GetManifestResourceStream("Inter-Regular.ttf")
            ?? throw new InvalidOperationException("The assembly Engram.Plots lacks its font Inter-Regular.ttf.");
        using SKData data = SKData.Create(file);
        return SKTypeface.FromData(data)
            ?? throw new InvalidOperationException("The font Inter-Regular.ttf in the assembly Engram.Plots cannot be read.");
    });

    // Looking through the fonts of a machine takes a while, and the labels of a picture repeat.
    private readonly ConcurrentDictionary<string, LabelFont> found = new();

    /// <summary>The font to draw <paramref name="text"/> with, and the characters that it cannot draw.</summary>
    public LabelFont For(string text) => found.GetOrAdd(text, Find);

    /// <summary>A sentence for the user about the characters of <paramref name="texts"/> that nothing here can draw; null where all is well.</summary>
    public string? NoteOn(IEnumerable<string> texts)
    {
        Rune[] missing = texts.SelectMany(text => For(text).Missing).Distinct().ToArray();
        return missing.Length == 0
            ? null
            : $"No font on this machine has the characters {string.Concat(missing.Select(character => character.ToString()))}: they cannot be read in the picture. "
                + $"Install one that has them (Debian, Ubuntu: apt-get install {PackageWith(missing)}) and draw the picture again.";
    }

    /// <summary>
    /// True for scripts that are written from right to left, or whose letters join or change places: Hebrew to Tibetan, Myanmar, Khmer,
    /// Mongolian.
    /// </summary>
    public static bool NeedsShaping(string text) => text.EnumerateRunes().Any(character => character.Value
        is (>= 0x0590 and <= 0x109F) or (>= 0x1780 and <= 0x18AF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC));

    private LabelFont Find(string text)
    {
        Rune[] characters = text.EnumerateRunes().Where(NeedsGlyph).Distinct().ToArray();
        LabelFont best = Judge(Shipped, characters);
        if (best.Missing.Count == 0)
        {
            return best;
        }
        foreach (SKTypeface typeface in systemFonts.With(best.Missing[0]))
        {
            LabelFont candidate = Judge(typeface, characters);
            if (candidate.Missing.Count < best.Missing.Count)
            {
                best = candidate;
            }
            if (best.Missing.Count == 0)
            {
                break;
            }
        }
        return best;
    }

    private static LabelFont Judge(SKTypeface typeface, Rune[] characters) =>
        new(typeface, characters.Where(character => !typeface.ContainsGlyph(character.Value)).ToArray());

    private static bool NeedsGlyph(Rune character) => !Rune.IsControl(character) && !Rune.IsWhiteSpace(character);

    private static string PackageWith(IReadOnlyList<Rune> characters)
    {
        IEnumerable<string> packages = characters.Select(character => character.Value switch
        {
            // Han with its radicals and punctuation, kana, bopomofo, hangul, full-width forms.
            (>= 0x1100 and <= 0x11FF) or (>= 0x2E80 and <= 0x9FFF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7FF)
                or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFFEF) or (>= 0x20000 and <= 0x3FFFF)
                => "fonts-noto-cjk",
            >= 0x1F000 and <= 0x1FAFF => "fonts-symbola",
            _ => "fonts-noto-core",
        });
        return string.Join(' ', packages.Distinct().Order(StringComparer.Ordinal));
    }
}

/// <summary>A font for a label, and the characters of the label that it has no glyph for.</summary>
internal sealed record LabelFont(SKTypeface Typeface, IReadOnlyList<Rune> Missing);
