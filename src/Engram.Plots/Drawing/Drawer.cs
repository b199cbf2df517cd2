using System.Text;
using Engram.Plots.Fonts;
using Engram.Plots.Panels;
using ScottPlot;
using ScottPlot.Rendering.RenderActions;
using SkiaSharp;

namespace Engram.Plots.Drawing;

/// <summary>Draws panels beneath each other onto a canvas.</summary>
internal static class Drawer
{
    // ScottPlot's switch for shaping is one for the whole process: pictures that need it and those that do not take turns.
    private static readonly Lock Turn = new();

    public static byte[] Png(IReadOnlyList<PanelShare> panels, LabelFonts fonts, int width, int height)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (SKCanvas canvas = new(bitmap))
        {
            bool shapes = panels.SelectMany(share => share.Panel.Labels).Any(LabelFonts.NeedsShaping);
            Draw(canvas, panels, fonts, width, height, shapes);
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    public static string Svg(IReadOnlyList<PanelShare> panels, LabelFonts fonts, int width, int height)
    {
        using MemoryStream stream = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(width, height), stream))
        {
            // An SVG canvas loses the glyphs that shaping puts in the place of letters: the outlines are shaped later.
            Draw(canvas, panels, fonts, width, height, shapes: false);
        }
        IEnumerable<SKTypeface> typefaces = panels.SelectMany(share => share.Panel.Labels).Select(label => fonts.For(label).Typeface);
        return TextOutlines.Replace(Encoding.UTF8.GetString(stream.ToArray()), [LabelFonts.Shipped, .. typefaces], width, height);
    }

    private static void Draw(SKCanvas canvas, IReadOnlyList<PanelShare> panels, LabelFonts fonts, int width, int height, bool shapes)
    {
        lock (Turn)
        {
            bool before = LabelStyle.RTLSupport;
            LabelStyle.RTLSupport = shapes;
            try
            {
                Draw(canvas, panels, fonts, width, height);
            }
            finally
            {
                LabelStyle.RTLSupport = before;
            }
        }
    }

    private static void Draw(SKCanvas canvas, IReadOnlyList<PanelShare> panels, LabelFonts fonts, int width, int height)
    {
        using SKPaint background = new() { Color = Look.Background.ToSKColor() };
        canvas.DrawRect(0, 0, width, height, background);
        double total = panels.Sum(share => share.Share);
        double above = 0;
        int top = 0;
        foreach ((Panel panel, double share) in panels)
        {
            above += share;
            int bottom = (int)Math.Round(height * above / total);
            using Plot plot = panel.Draw(fonts, width, bottom - top);
            // It would clear the whole canvas, the panels above included.
            plot.RenderManager.Remove<ClearCanvas>();
            // It draws twice where the limits of the axes are new to it, which would leave every letter twice in the picture.
            using (SKNoDrawCanvas nowhere = new(width, bottom - top))
            {
                plot.Render(nowhere, width, bottom - top);
            }
            canvas.Save();
            canvas.Translate(0, top);
            plot.Render(canvas, width, bottom - top);
            canvas.Restore();
            top = bottom;
        }
    }
}
