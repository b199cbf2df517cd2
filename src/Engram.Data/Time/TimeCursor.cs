namespace Engram.Data;

/// <summary>A place in the text of a time stamp, moved on by what could be read there.</summary>
internal ref struct TimeCursor(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    public int Position { get; set; }

    public readonly bool IsAtEnd => Position == _text.Length;

    public readonly char Next => IsAtEnd ? '\0' : _text[Position];

    public void SkipSpaces()
    {
        while (Next == ' ')
        {
            Position++;
        }
    }

    /// <summary>A run of digits, at most 14 of them.</summary>
    public bool TryNumber(out long number, out int digits)
    {
        number = 0;
        digits = 0;
        while (char.IsAsciiDigit(Next) && digits < 15)
        {
            number = (number * 10) + (Next - '0');
            Position++;
            digits++;
        }
        return digits is > 0 and < 15;
    }

    /// <summary>A run of digits of a length between two bounds; otherwise the place is kept.</summary>
    public bool TryNumber(int fewest, int most, out int number)
    {
        int start = Position;
        bool found = TryNumber(out long value, out int digits) && digits >= fewest && digits <= most;
        number = found ? (int)value : 0;
        Position = found ? Position : start;
        return found;
    }

    /// <summary>One of some characters.</summary>
    public bool TryMark(scoped ReadOnlySpan<char> marks, out char mark)
    {
        mark = Next;
        bool found = !IsAtEnd && marks.Contains(mark);
        Position += found ? 1 : 0;
        return found;
    }

    public bool TryMark(scoped ReadOnlySpan<char> marks) => TryMark(marks, out _);

    /// <summary>A run of Latin letters.</summary>
    public bool TryWord(out ReadOnlySpan<char> word)
    {
        int start = Position;
        while (char.IsAsciiLetter(Next))
        {
            Position++;
        }
        word = _text[start..Position];
        return Position > start;
    }

    /// <summary>A given text, whatever its case.</summary>
    public bool TryText(string wanted)
    {
        bool found = _text[Position..].StartsWith(wanted, StringComparison.OrdinalIgnoreCase);
        Position += found ? wanted.Length : 0;
        return found;
    }
}
