using System.Buffers;

namespace Engram.Data;

/// <summary>Which normalised texts are numbers, and what their marks must then mean. See <see cref="NumberText"/>.</summary>
internal static class NumberGrammar
{
    private static readonly SearchValues<byte> _digitsAndMarks = SearchValues.Create("0123456789.,'"u8);

    /// <summary>Sign, digits with marks, exponent.</summary>
    public static NumberShape Classify(ReadOnlySpan<byte> text, out bool hasThousands)
    {
        hasThousands = false;
        int start = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        int end = text.IndexOfAny((byte)'e', (byte)'E');
        if (end >= 0 && !IsExponent(text[(end + 1)..]))
        {
            return NumberShape.None;
        }
        ReadOnlySpan<byte> digits = text[start..(end < 0 ? text.Length : end)];
        if (digits.IndexOfAnyInRange((byte)'0', (byte)'9') < 0 || digits.ContainsAnyExcept(_digitsAndMarks))
        {
            return NumberShape.None;
        }
        int points = digits.Count((byte)'.');
        int commas = digits.Count((byte)',');
        int gaps = digits.Count((byte)'\'');
        NumberShape shape = (points, commas, gaps) switch
        {
            (0, 0, 0) => NumberShape.Plain,
            (1, 0, 0) => OneMark(digits, 0, digits.IndexOf((byte)'.'), digits.Length),
            (0, 1, 0) => OneMark(digits, 0, digits.IndexOf((byte)','), digits.Length),
            (_, _, > 0) => points + commas > 1 ? NumberShape.None : Grouped(digits, (byte)'\'', points > 0 ? (byte)'.' : (byte)','),
            ( > 1, 0, 0) => Grouped(digits, (byte)'.', (byte)','),
            (0, > 1, 0) => Grouped(digits, (byte)',', (byte)'.'),
            _ => digits.LastIndexOf((byte)'.') > digits.LastIndexOf((byte)',')
                ? Grouped(digits, (byte)',', (byte)'.')
                : Grouped(digits, (byte)'.', (byte)','),
        };
        if (shape == NumberShape.Comma && points + commas == 0)
        {
            shape = NumberShape.Plain;
        }
        hasThousands = points + commas + gaps > 1 || gaps > 0 || shape == NumberShape.AmbiguousComma;
        // 1,234e5 is nobody's way to write a number.
        return end >= 0 && hasThousands ? NumberShape.None : shape;
    }

    /// <summary>Digits with one mark: thousands are possible only behind one to three digits, and before exactly three.</summary>
    public static NumberShape OneMark(ReadOnlySpan<byte> text, int start, int mark, int end)
    {
        int before = mark - start;
        int after = end - mark - 1;
        bool maybeThousands = after == 3 && before is >= 1 and <= 3 && text[start] != '0';
        return (text[mark], maybeThousands) switch
        {
            ((byte)'.', true) => NumberShape.AmbiguousPoint,
            ((byte)'.', false) => NumberShape.Point,
            (_, true) => NumberShape.AmbiguousComma,
            _ => before > 0 && after > 0 ? NumberShape.Comma : NumberShape.None,
        };
    }

    /// <summary>Digits in groups: one to three first, then two or three (as in India), three last; then a fraction, perhaps.</summary>
    private static NumberShape Grouped(ReadOnlySpan<byte> digits, byte mark, byte decimalMark)
    {
        int fraction = digits.IndexOf(decimalMark);
        ReadOnlySpan<byte> whole = fraction < 0 ? digits : digits[..fraction];
        if (fraction >= 0 && digits[(fraction + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return NumberShape.None;
        }
        int group = whole.IndexOf(mark);
        bool isFirst = true;
        while (group >= 0)
        {
            if (isFirst ? group is < 1 or > 3 : group is < 2 or > 3)
            {
                return NumberShape.None;
            }
            isFirst = false;
            whole = whole[(group + 1)..];
            group = whole.IndexOf(mark);
        }
        return whole.Length != 3 ? NumberShape.None : decimalMark == '.' ? NumberShape.Point : NumberShape.Comma;
    }

    private static bool IsExponent(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            text = text[1..];
        }
        return text.Length is > 0 and <= 5 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
