using System.Globalization;
using System.Security;
using System.Text;

namespace Engram;

/// <summary>Draws a summary as an SVG document.</summary>
internal static class SummarySvg
{
    private const double Margin = 24;
    private const double BoxHeight = 54;
    private const double LevelHeight = 92;
    private const double TitleSize = 13;
    private const double TextSize = 11;

    /// <summary>The mean width of a character for its size; labels are measured before any font is there.</summary>
    private const double CharacterWidth = 0.6;

    public static string Draw(ModelSummary summary)
    {
        var layout = new SummaryLayout(summary.Rows, WidthOf);
        double width = Math.Max(layout.Width, summary.Total().Length * TextSize * CharacterWidth) + 2 * Margin;
        double left = (width - layout.Width) / 2;
        double height = (layout.Levels - 1) * LevelHeight + BoxHeight + 2 * Margin + 2 * TextSize;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width:0.#}" height="{height:0.#}" viewBox="0 0 {width:0.#} {height:0.#}" role="img" font-family="Inter, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif">
            <title>Layers of a model</title>
            <desc>{Escape(summary.ToString())}</desc>
            <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5 L8 4 L0 7.5 z" fill="#64748b"/></marker></defs>
            <rect width="100%" height="100%" fill="#ffffff"/>

            """);
        foreach (SummaryLayout.Place[] arrow in layout.Arrows)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<path d="{Path(arrow, left)}" fill="none" stroke="#64748b" stroke-width="1.4" marker-end="url(#arrow)"/>""").Append('\n');
        }
        for (int i = 0; i < summary.Rows.Count; i++)
        {
            DrawBox(svg, summary.Rows[i], layout.Boxes[i], left);
        }
        svg.Append(CultureInfo.InvariantCulture, $"""
            <text x="{width / 2:0.#}" y="{height - Margin / 2:0.#}" text-anchor="middle" font-size="{TextSize}" fill="#475569">{Escape(summary.Total())}</text>
            </svg>

            """);
        return svg.ToString();
    }

    private static void DrawBox(StringBuilder svg, SummaryRow row, SummaryLayout.Place place, double left)
    {
        bool isOutput = place.Above.Count > 0 && place.Below.Count == 0;
        (string fill, string stroke) = row.Kind == "input" ? ("#ecfdf5", "#059669") : isOutput ? ("#fff7ed", "#ea580c") : ("#eff6ff", "#2563eb");
        double x = left + place.X, top = Top(place);
        svg.Append(CultureInfo.InvariantCulture, $"""
            <rect x="{x - place.Width / 2:0.#}" y="{top:0.#}" width="{place.Width:0.#}" height="{BoxHeight}" rx="7" fill="{fill}" stroke="{stroke}" stroke-width="1.2"/>
            <text x="{x:0.#}" y="{top + 22:0.#}" text-anchor="middle" font-size="{TitleSize}" font-weight="600" fill="#0f172a">{Escape(ModelSummary.Title(row))}</text>
            <text x="{x:0.#}" y="{top + 41:0.#}" text-anchor="middle" font-size="{TextSize}" fill="#334155">{Escape(Detail(row))}</text>

            """);
    }

    /// <summary>From the bottom of a box, through its lanes, to the top of another.</summary>
    private static string Path(SummaryLayout.Place[] places, double left)
    {
        double x = left + places[0].X, y = Top(places[0]) + BoxHeight;
        var path = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}"));
        for (int i = 1; i < places.Length; i++)
        {
            double toX = left + places[i].X, toY = Top(places[i]), middle = (y + toY) / 2;
            path.Append(CultureInfo.InvariantCulture, $" C{x:0.#} {middle:0.#} {toX:0.#} {middle:0.#} {toX:0.#} {toY:0.#}");
            (x, y) = (toX, toY);
            if (i < places.Length - 1)
            {
                y += BoxHeight;
                path.Append(CultureInfo.InvariantCulture, $" L{x:0.#} {y:0.#}");
            }
        }
        return path.ToString();
    }

    private static double Top(SummaryLayout.Place place) => Margin + place.Level * LevelHeight;

    private static double WidthOf(SummaryRow row) =>
        Math.Max(96, 24 + CharacterWidth * Math.Max(TitleSize * ModelSummary.Title(row).Length, TextSize * Detail(row).Length));

    private static string Detail(SummaryRow row) =>
        row.Parameters == 0 ? ModelSummary.ShapeText(row) : $"{ModelSummary.ShapeText(row)} · {ModelSummary.Number(row.Parameters)} weights";

    private static string Escape(string text) => SecurityElement.Escape(text);
}
