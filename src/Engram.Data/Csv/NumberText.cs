using System.Buffers.Text;
using System.Globalization;

namespace Engram.Data;

/// <summary>
/// Reads numbers as people write them: 1657300, 1,657,300, 1.234,5, 1 234.5 (also with narrow or unbreakable spaces and apostrophes),
/// 12.5% (which is 12.5), $5, ¥5, (5) for −5, １２．５ in full-width digits, 931.8M, 1.23亿.
/// </summary>
internal static class NumberText
{
    /// <summary>Room for e12 behind a number.</summary>
    private const int LongestExponent = 4;

    /// <summary>Tells what kind of number a text is.</summary>
    public static NumberShape Classify(ReadOnlySpan<byte> cell, out NumberDecoration decoration)
    {
        decoration = NumberDecoration.None;
        NumberShape shape = ClassifyPlain(cell);
        if (shape != NumberShape.None)
        {
            decoration = shape == NumberShape.AmbiguousComma ? NumberDecoration.Thousands : NumberDecoration.None;
            return shape;
        }
        Span<byte> buffer = stackalloc byte[PlainNumber.Longest + LongestExponent];
        if (!PlainNumber.TryWrite(cell, buffer, out int length, out decoration, out _))
        {
            return NumberShape.None;
        }
        shape = NumberGrammar.Classify(buffer[..length], out bool hasThousands);
        decoration |= hasThousands ? NumberDecoration.Thousands : NumberDecoration.None;
        return shape;
    }

    /// <summary>Reads a finite number.</summary>
    /// <param name="cell">The text, UTF-8.</param>
    /// <param name="decimalMark">Point or comma.</param>
    /// <param name="number">The number; NaN where it is none.</param>
    /// <returns>False where the text is no number, or one too large for a double.</returns>
    public static bool TryParse(ReadOnlySpan<byte> cell, char decimalMark, out double number)
    {
        if (decimalMark == '.' && Utf8Parser.TryParse(cell, out number, out int consumed) && consumed == cell.Length && double.IsFinite(number))
        {
            return true;
        }
        number = double.NaN;
        Span<byte> buffer = stackalloc byte[PlainNumber.Longest + LongestExponent];
        if (!PlainNumber.TryWrite(cell, buffer, out int length, out _, out int magnitude))
        {
            return false;
        }
        Span<byte> text = buffer[..length];
        NumberShape shape = NumberGrammar.Classify(text, out _);
        NumberShape wrong = decimalMark == '.' ? NumberShape.Comma : NumberShape.Point;
        if (shape == NumberShape.None || shape == wrong)
        {
            return false;
        }
        int kept = 0;
        foreach (byte c in text)
        {
            if (c is (byte)'.' or (byte)',' or PlainNumber.Gap)
            {
                if (c == decimalMark)
                {
                    text[kept++] = (byte)'.';
                }
                continue;
            }
            text[kept++] = c;
        }
        if (magnitude > 0)
        {
            buffer[kept++] = (byte)'e';
            magnitude.TryFormat(buffer[kept..], out int written, default, CultureInfo.InvariantCulture);
            kept += written;
        }
        bool read = double.TryParse(buffer[..kept], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);
        number = read ? value : double.NaN;
        return read;
    }

    /// <summary>The quick way for digits with at most one mark; None says nothing.</summary>
    private static NumberShape ClassifyPlain(ReadOnlySpan<byte> cell)
    {
        int start = cell.Length > 0 && cell[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        int mark = -1;
        for (int i = start; i < cell.Length; i++)
        {
            if (!char.IsAsciiDigit((char)cell[i]))
            {
                if (mark >= 0 || cell[i] is not ((byte)'.' or (byte)','))
                {
                    return NumberShape.None;
                }
                mark = i;
            }
        }
        int digits = cell.Length - start - (mark >= 0 ? 1 : 0);
        return digits is 0 or > PlainNumber.Longest ? NumberShape.None
            : mark < 0 ? NumberShape.Plain
            : NumberGrammar.OneMark(cell, start, mark, cell.Length);
    }
}
