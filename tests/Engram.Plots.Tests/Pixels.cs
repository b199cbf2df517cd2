using SkiaSharp;

namespace Engram.Plots.Tests;

/// <summary>What a decoded picture shows.</summary>
internal static class Pixels
{
    public static readonly SKColor Blue = SKColor.Parse("#0072B2");
    public static readonly SKColor Red = SKColor.Parse("#D9381E");

    public static SKBitmap Decode(byte[] png) =>
        SKBitmap.Decode(png) ?? throw new InvalidOperationException("The bytes are no picture.");

    /// <summary>How many pixels have about this colour.</summary>
    public static int Like(this SKBitmap bitmap, SKColor color, int tolerance = 12) =>
        bitmap.Pixels.Count(pixel => Math.Abs(pixel.Red - color.Red) <= tolerance
            && Math.Abs(pixel.Green - color.Green) <= tolerance
            && Math.Abs(pixel.Blue - color.Blue) <= tolerance);

    /// <summary>How many pixels of a rectangle are as dark as letters are.</summary>
    public static int Ink(this SKBitmap bitmap, int left, int top, int right, int bottom)
    {
        int ink = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                SKColor pixel = bitmap.GetPixel(x, y);
                ink += pixel.Red + pixel.Green + pixel.Blue < 450 ? 1 : 0;
            }
        }
        return ink;
    }
}
