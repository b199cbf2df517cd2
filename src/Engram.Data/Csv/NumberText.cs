using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Reads numbers as people write them: 1657300, 1,657,300, 1.234,5, 1 234.5 (also with narrow or unbreakable spaces and apostrophes),
/// 12.5% (which is 12.5), $5, ¥5, (5) for −5, １２．５ in full-width digits.
/// </summary>
internal static class NumberText
{
    /// <summary>The longest number read, in bytes; longer texts are no numbers.</summary>
    private const int Longest = 128;

    /// <summary>Stands for every kind of space or apostrophe between thousands once the text is normalised.</summary>
    private const byte Gap = (byte)'\'';

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
        Span<byte> buffer = stackalloc byte[Longest];
        if (!TryNormalize(cell, buffer, out int length, out decoration))
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
        Span<byte> buffer = stackalloc byte[Longest];
        if (!TryNormalize(cell, buffer, out int length, out _))
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
            if (c is (byte)'.' or (byte)',' or Gap)
            {
                if (c == decimalMark)
                {
                    text[kept++] = (byte)'.';
                }
                continue;
            }
            text[kept++] = c;
        }
        bool read = double.TryParse(text[..kept], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);
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
        return digits is 0 or > Longest ? NumberShape.None
            : mark < 0 ? NumberShape.Plain
            : NumberGrammar.OneMark(cell, start, mark, cell.Length);
    }

    /// <summary>Takes signs of money and percent and outer spaces off; writes plain digits, marks and gaps.</summary>
    private static bool TryNormalize(ReadOnlySpan<byte> cell, Span<byte> buffer, out int length, out NumberDecoration decoration)
    {
        length = 0;
        decoration = NumberDecoration.None;
        bool isNegative = false;
        if (cell.Length > Longest)
        {
            return false;
        }
        while (!cell.IsEmpty)
        {
            Rune.DecodeFromUtf8(cell, out Rune rune, out int consumed);
            cell = cell[consumed..];
            int c = rune.Value;
            if (c is > 0xFF00 and < 0xFF5F)
            {
                c -= 0xFEE0;
                decoration |= NumberDecoration.FullWidth;
            }
            switch (c)
            {
                case (>= '0' and <= '9') or '.' or ',' or '+' or '-' or 'e' or 'E':
                    buffer[length++] = (byte)c;
                    break;
                case '−' or '–':
                    buffer[length++] = (byte)'-';
                    break;
                case ' ' or '\'' or '’' or 0xA0 or 0x202F or 0x2009 or 0x2007 or 0x3000:
                    if (length > 0 && char.IsAsciiDigit((char)buffer[length - 1]))
                    {
                        buffer[length++] = Gap;
                    }
                    break;
                case '%' when length > 0:
                    decoration |= NumberDecoration.Percent;
                    break;
                case '(' when length == 0:
                    isNegative = true;
                    break;
                case ')' when isNegative:
                    break;
                case '元' or '円':
                    decoration |= NumberDecoration.Currency;
                    break;
                default:
                    if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.CurrencySymbol)
                    {
                        return false;
                    }
                    decoration |= NumberDecoration.Currency;
                    break;
            }
        }
        while (length > 0 && buffer[length - 1] == Gap)
        {
            length--;
        }
        if (isNegative && length > 0 && length < buffer.Length)
        {
            buffer[..length].CopyTo(buffer[1..]);
            buffer[0] = (byte)'-';
            length++;
        }
        return length > 0;
    }
}
