using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>One plot of a picture. Panels of a picture stand beneath each other, each as high as its share.</summary>
internal abstract class Panel
{
    /// <summary>The height in pixels of this panel in a picture that has not been resized.</summary>
    public abstract int Height { get; }

    /// <summary>Every text that may need another font than the shipped one; the names along an axis are one text, as they share a font.</summary>
    public abstract IEnumerable<string> Labels { get; }

    /// <summary>What a reader of the picture should be told in words.</summary>
    public virtual IEnumerable<string> Notes => [];

    /// <summary>Makes the plot for a place of the given size in pixels.</summary>
    public abstract Plot Draw(LabelFonts fonts, int width, int height);
}

/// <summary>A panel and its share of the height of a picture.</summary>
internal readonly record struct PanelShare(Panel Panel, double Share);
