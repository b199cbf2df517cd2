using System.Text;
using Engram.Files;
using Engram.Plots.Drawing;
using Engram.Plots.Fonts;
using Engram.Plots.Panels;

namespace Engram.Plots;

/// <summary>
/// A picture made by <see cref="Charts"/>: one panel, or several beneath each other. It is drawn anew for each file, needs no display, and
/// brings the font of its labels along. Pictures never change; they may be used from several threads.
/// </summary>
public sealed class Picture
{
    private const int DefaultWidth = 1200;
    private const int SmallestSide = 100;
    private const int LargestSide = 16_384;

    private readonly IReadOnlyList<PanelShare> panels;
    private readonly LabelFonts fonts;

    internal Picture(params IReadOnlyList<Panel> panels)
        : this([.. panels.Select(panel => new PanelShare(panel, panel.Height))], LabelFonts.Default, DefaultWidth, panels.Sum(panel => panel.Height))
    {
    }

    private Picture(IReadOnlyList<PanelShare> panels, LabelFonts fonts, int width, int height)
    {
        this.panels = panels;
        this.fonts = fonts;
        Width = width;
        Height = height;
        string? missing = fonts.NoteOn(panels.SelectMany(share => share.Panel.Labels));
        Notes = [.. panels.SelectMany(share => share.Panel.Notes).Append(missing).OfType<string>().Distinct()];
    }

    /// <summary>The width in pixels; 1200 by default.</summary>
    public int Width { get; }

    /// <summary>The height in pixels; by default 600 for a single panel, more for several.</summary>
    public int Height { get; }

    /// <summary>
    /// What a reader should be told in words: losses that are not finite, characters that no font on this machine has and which package
    /// brings one. Empty where all is well.
    /// </summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Puts the panels of several pictures beneath each other in one.</summary>
    /// <param name="pictures">The pictures, the topmost first; at least one.</param>
    /// <returns>A picture as wide as the widest of them and as high as all together.</returns>
    /// <exception cref="ArgumentException">No picture is given.</exception>
    public static Picture Stack(params IReadOnlyList<Picture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0)
        {
            throw new ArgumentException("Give at least one picture to stack.", nameof(pictures));
        }
        return new Picture(
            [.. pictures.SelectMany(picture => picture.SharesOf(picture.Height))],
            pictures[0].fonts,
            pictures.Max(picture => picture.Width),
            Math.Min(LargestSide, pictures.Sum(picture => picture.Height)));
    }

    /// <summary>The same picture in another size. Lines and letters keep their size; the panels share the height as before.</summary>
    /// <param name="width">The width in pixels, 100 to 16,384.</param>
    /// <param name="height">The height in pixels, 100 to 16,384.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is too short or too long.</exception>
    public Picture WithSize(int width, int height)
    {
        CheckSide(width, nameof(width));
        CheckSide(height, nameof(height));
        return new Picture(panels, fonts, width, height);
    }

    /// <summary>Writes the picture as PNG or SVG, whichever the extension of the file says. The file appears complete or not at all.</summary>
    /// <param name="path">The file, ending in <c>.png</c> or <c>.svg</c>; it is replaced where it exists.</param>
    /// <exception cref="ArgumentException">The extension is neither.</exception>
    /// <exception cref="FileWriteException">The folder does not exist or is not writable, or the disk is full.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        byte[] content = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => ToPng(),
            ".SVG" => Encoding.UTF8.GetBytes(ToSvg()),
            "" => throw new ArgumentException($"The picture \"{path}\" has no extension: end its name in .png or .svg.", nameof(path)),
            string other => throw new ArgumentException(
                $"A picture cannot be written as {other.ToLowerInvariant()} (\"{path}\"): end its name in .png or .svg.", nameof(path)),
        };
        AtomicFile.Write(path, file => file.Write(content));
    }

    /// <summary>The picture as the bytes of a PNG file.</summary>
    public byte[] ToPng() => Drawer.Png(panels, fonts, Width, Height);

    /// <summary>The picture as the text of an SVG file. Its letters are outlines, so that it looks the same wherever it is opened.</summary>
    public string ToSvg() => Drawer.Svg(panels, fonts, Width, Height);

    internal Picture WithFonts(LabelFonts other) => new(panels, other, Width, Height);

    private IEnumerable<PanelShare> SharesOf(double height)
    {
        double total = panels.Sum(share => share.Share);
        return panels.Select(share => share with { Share = share.Share / total * height });
    }

    private static void CheckSide(int side, string name)
    {
        if (side is < SmallestSide or > LargestSide)
        {
            throw new ArgumentOutOfRangeException(name, side, $"The {name} of a picture is {SmallestSide} to {LargestSide} pixels.");
        }
    }
}
