using System.Text;
using SkiaSharp;

namespace Engram.Plots.Fonts;

/// <summary>The fonts that a machine has.</summary>
internal interface ISystemFonts
{
    /// <summary>The fonts that have a glyph for <paramref name="character"/>, those that suit a label best first.</summary>
    IEnumerable<SKTypeface> With(Rune character);
}

/// <summary>The fonts installed on this machine, for everyone or for its user.</summary>
internal sealed class SystemFonts : ISystemFonts
{
    // A Han character looks different in each language that writes it; the simplified Chinese shape comes first.
    private static readonly string[] Languages = ["zh-Hans", "zh-Hant", "ja", "ko"];

    private readonly Lazy<IReadOnlyList<SKTypeface>> installed = new(() => [.. Families().Concat(UserFiles()).OrderBy(Unsuitability)]);

    public IEnumerable<SKTypeface> With(Rune character)
    {
        SKTypeface? matched = SKFontManager.Default.MatchCharacter(null, SKFontStyle.Normal, Languages, character.Value);
        // Skia's build without dependencies, which we use on Linux, matches no characters: then every font is asked.
        return matched is null ? installed.Value.Where(typeface => typeface.ContainsGlyph(character.Value)) : [matched];
    }

    private static IEnumerable<SKTypeface> Families() =>
        SKFontManager.Default.FontFamilies
            .Select(family => SKFontManager.Default.MatchFamily(family, SKFontStyle.Normal))
            .OfType<SKTypeface>();

    // The same build looks into /usr/share/fonts alone.
    private static IEnumerable<SKTypeface> UserFiles()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders =
        [
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "fonts"),
            Path.Combine(home, ".fonts"),
            "/usr/local/share/fonts",
        ];
        EnumerationOptions everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return folders
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", everywhere))
            .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".TTF" or ".OTF" or ".TTC" or ".OTC")
            .Order(StringComparer.Ordinal)
            .Select(file => SKTypeface.FromFile(file))
            .OfType<SKTypeface>();
    }

    // Labels are set in an upright sans-serif of normal weight; a monospaced or decorative font is better than none.
    private static int Unsuitability(SKTypeface typeface)
    {
        string name = typeface.FamilyName;
        bool sans = name.Contains("Sans", StringComparison.OrdinalIgnoreCase) || name.Contains("Hei", StringComparison.OrdinalIgnoreCase);
        int unsuitability = sans ? 0 : 8;
        unsuitability += typeface.IsFixedPitch || name.Contains("Mono", StringComparison.OrdinalIgnoreCase) ? 4 : 0;
        unsuitability += typeface.IsBold || typeface.IsItalic ? 2 : 0;
        unsuitability += name.EndsWith(" SC", StringComparison.Ordinal) || !name.Contains("CJK", StringComparison.Ordinal) ? 0 : 1;
        return unsuitability;
    }
}
