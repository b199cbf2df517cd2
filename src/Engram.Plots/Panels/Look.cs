using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>Colours and sizes of every picture. The hues stay apart for readers with any of the usual colour deficiencies.</summary>
internal static class Look
{
    public static readonly Color Text = Color.FromHex("#1F2933");
    public static readonly Color QuietText = Color.FromHex("#52606D");
    public static readonly Color Grid = Color.FromHex("#E9ECF0");
    public static readonly Color Frame = Color.FromHex("#B8C1CB");
    public static readonly Color Background = Color.FromHex("#FFFFFF");
    public static readonly Color Highlight = Color.FromHex("#F1F4F8");

    // After Okabe and Ito (2008), "Color Universal Design": blue #0072B2, vermilion #D55E00, green #009E73, purple #CC79A7.
    // The red is between vermilion and a plain red, as the readers of the tutorial expect "red".
    public static readonly Color Blue = Color.FromHex("#0072B2");
    public static readonly Color Red = Color.FromHex("#D9381E");
    public static readonly Color[] Strong = [Blue, Red, Color.FromHex("#009E73"), Color.FromHex("#CC79A7"), Color.FromHex("#E69F00"), Color.FromHex("#56B4E9")];
    public static readonly Color[] Pale = [Color.FromHex("#A3ACB8"), Color.FromHex("#7CC7B0"), Color.FromHex("#DDB0CB"), Color.FromHex("#E3C77B")];

    public const float TitleSize = 20;
    public const float LabelSize = 15;
    public const float TickSize = 13;
    public const float LegendSize = 14;
    public const float LineWidth = 1.8f;

    /// <summary>Thousands of points in one panel need a finer line to stay apart.</summary>
    public static float LineWidthFor(int points) => points > 1000 ? 1.1f : LineWidth;

    /// <summary>The colour mixed with white: what stays behind a strong line of the same hue.</summary>
    public static Color Faded(Color color) => color.MixedWith(Background, 0.6);
}
