using System.Globalization;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Writes a number without what surrounds it: plain digits, signs, points, commas and one kind of gap between thousands are left.
/// </summary>
internal static class PlainNumber
{
    /// <summary>The longest number, in bytes; longer texts are no numbers.</summary>
    public const int Longest = 128;

    /// <summary>Stands for every kind of space or apostrophe between digits.</summary>
    public const byte Gap = (byte)'\'';

    /// <summary>Takes outer spaces, signs of money and percent, brackets and magnitudes off a number.</summary>
    /// <param name="cell">The text, UTF-8.</param>
    /// <param name="buffer">Receives the plain number, at most <see cref="Longest"/> bytes.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="decoration">What was taken off.</param>
    /// <param name="magnitude">The power of ten that K, M, B, 万 or 亿 stood for; 0 without.</param>
    /// <returns>False where something stands in the text that no number has.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> cell, Span<byte> buffer, out int length, out NumberDecoration decoration, out int magnitude)
    {
        (length, decoration, magnitude) = (0, NumberDecoration.None, 0);
        // Brackets around a number make it negative; behind what ends a number no digit may follow.
        bool isBracketOpen = false, hasDigit = false, isClosed = false;
        if (cell.Length > Longest)
        {
            return false;
        }
        while (!cell.IsEmpty)
        {
            Rune.DecodeFromUtf8(cell, out Rune rune, out int consumed);
            cell = cell[consumed..];
            int c = Narrow(rune.Value);
            if (IsPartOfNumber(c))
            {
                if (isClosed)
                {
                    return false;
                }
                decoration |= c != rune.Value ? NumberDecoration.FullWidth : NumberDecoration.None;
                hasDigit |= char.IsAsciiDigit((char)c);
                buffer[length++] = (byte)c;
            }
            else if (IsGap(c))
            {
                if (hasDigit && !isClosed)
                {
                    buffer[length++] = Gap;
                }
            }
            else if (c == '(' && length == 0)
            {
                isBracketOpen = true;
                buffer[length++] = (byte)'-';
            }
            else if (c == ')' && isBracketOpen)
            {
                isBracketOpen = false;
                isClosed = true;
            }
            else if (Sign(rune, c, ref magnitude) is { } sign && (hasDigit || sign == NumberDecoration.Currency))
            {
                decoration |= sign;
                isClosed = hasDigit;
            }
            else
            {
                return false;
            }
        }
        while (length > 0 && buffer[length - 1] == Gap)
        {
            length--;
        }
        return hasDigit && !isBracketOpen && magnitude <= 12 && !(magnitude > 0 && buffer[..length].ContainsAny((byte)'e', (byte)'E'));
    }

    /// <summary>The plain twin of a full-width character, of a minus and of a dash.</summary>
    private static int Narrow(int c) => c switch
    {
        > 0xFF00 and < 0xFF5F => c - 0xFEE0,
        '−' or '–' => '-',
        _ => c,
    };

    private static bool IsPartOfNumber(int c) => c is (>= '0' and <= '9') or '.' or ',' or '+' or '-' or 'e' or 'E';

    /// <summary>Space, apostrophe, and the unbreakable, narrow, thin, figure and ideographic spaces.</summary>
    private static bool IsGap(int c) => c is ' ' or '\'' or '’' or 0xA0 or 0x202F or 0x2009 or 0x2007 or 0x3000;

    /// <summary>What a sign means, null if nothing; magnitudes add up: 万亿 is 10^12.</summary>
    private static NumberDecoration? Sign(Rune rune, int c, ref int magnitude)
    {
        int power = c switch { 'K' => 3, 'M' => 6, 'B' => 9, '万' or '萬' => 4, '亿' or '億' => 8, _ => 0 };
        magnitude += power;
        return c switch
        {
            _ when power > 0 => NumberDecoration.Magnitude,
            '%' => NumberDecoration.Percent,
            '元' or '円' => NumberDecoration.Currency,
            _ when Rune.GetUnicodeCategory(rune) == UnicodeCategory.CurrencySymbol => NumberDecoration.Currency,
            _ => null,
        };
    }
}
