using System.Text;
using System.Text.Json;

namespace Engram.Testing;

/// <summary>
/// Where the values and members of a JSON text stand in it, in bytes: what is exchanged, doubled or cut out when the text is damaged. Cheap enough for a
/// million texts in a minute.
/// </summary>
internal sealed class JsonSpans
{
    private readonly List<Range> _values = [];
    private readonly List<Range> _members = [];

    public JsonSpans(byte[] text)
    {
        Text = text;
        var open = new Stack<int>();
        int member = -1;
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 1000 });
        while (json.Read())
        {
            int begin = (int)json.TokenStartIndex, end = (int)json.BytesConsumed;
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = begin;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push(member);
                    open.Push(begin);
                    member = -1;
                    break;
                default:
                    if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    {
                        (begin, member) = (open.Pop(), open.Pop());
                    }
                    _values.Add(begin..end);
                    if (member >= 0)
                    {
                        _members.Add(member..end);
                        member = -1;
                    }
                    break;
            }
        }
    }

    public byte[] Text { get; }

    /// <summary>The text with one value replaced, by another of its own or by one from elsewhere, or one member gone, renamed or doubled.</summary>
    /// <param name="hostile">Values from elsewhere.</param>
    /// <param name="random">What chooses.</param>
    public byte[] Changed(byte[][] hostile, Random random)
    {
        Range value = _values[random.Next(_values.Count)];
        if (_members.Count > 0 && random.Next(4) == 0)
        {
            Range member = _members[random.Next(_members.Count)];
            return random.Next(4) switch
            {
                0 => With(WithComma(member), []),
                1 => With(member.Start..member.Start, [.. Text.AsSpan(member), (byte)',']),
                2 => With((member.Start.Value + 1)..(member.Start.Value + 1), "_"u8),
                _ => With(member, Text.AsSpan(_members[random.Next(_members.Count)])),
            };
        }
        return random.Next(4) switch
        {
            0 => With(value, Text.AsSpan(_values[random.Next(_values.Count)])),
            1 when TryNear(value, random, out byte[] near) => With(value, near),
            _ => With(value, hostile[random.Next(hostile.Length)]),
        };
    }

    /// <summary>A whole number that is close to the one that stands there.</summary>
    private bool TryNear(Range value, Random random, out byte[] near)
    {
        bool isNumber = long.TryParse(Text.AsSpan(value), out long number);
        near = isNumber ? Encoding.ASCII.GetBytes(unchecked(number + random.Next(-2, 3)).ToString(System.Globalization.CultureInfo.InvariantCulture)) : [];
        return isNumber;
    }

    /// <summary>A member and the comma that goes with it.</summary>
    private Range WithComma(Range member)
    {
        int begin = member.Start.Value, end = member.End.Value, after = end, before = begin;
        while (after < Text.Length && IsBlank(Text[after]))
        {
            after++;
        }
        while (before > 0 && IsBlank(Text[before - 1]))
        {
            before--;
        }
        return after < Text.Length && Text[after] == ',' ? begin..(after + 1) : before > 0 && Text[before - 1] == ',' ? (before - 1)..end : member;
    }

    private byte[] With(Range replaced, ReadOnlySpan<byte> replacement)
    {
        int begin = replaced.Start.Value, end = replaced.End.Value;
        byte[] changed = new byte[Text.Length - (end - begin) + replacement.Length];
        Text.AsSpan(0, begin).CopyTo(changed);
        replacement.CopyTo(changed.AsSpan(begin));
        Text.AsSpan(end).CopyTo(changed.AsSpan(begin + replacement.Length));
        return changed;
    }

    private static bool IsBlank(byte symbol) => symbol is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t';
}
