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

    /// <summary>
    /// The text with some values replaced, by others of its own or by some from elsewhere, or members gone, renamed or doubled. All places are those of the
    /// text as it was; of two changes that touch each other the first holds.
    /// </summary>
    /// <param name="hostile">Values from elsewhere.</param>
    /// <param name="changes">How many.</param>
    /// <param name="random">What chooses.</param>
    public byte[] Changed(byte[][] hostile, int changes, Random random)
    {
        var edits = new (Range Replaced, ReadOnlyMemory<byte> By)[changes];
        for (int i = 0; i < changes; i++)
        {
            edits[i] = Edit(hostile, random);
        }
        Array.Sort(edits, (one, other) => one.Replaced.Start.Value.CompareTo(other.Replaced.Start.Value));
        byte[] changed = new byte[Text.Length + edits.Sum(edit => edit.By.Length)];
        int read = 0, written = 0;
        foreach ((Range replaced, ReadOnlyMemory<byte> by) in edits)
        {
            if (replaced.Start.Value >= read)
            {
                Put(Text.AsSpan(read, replaced.Start.Value - read));
                Put(by.Span);
                read = replaced.End.Value;
            }
        }
        Put(Text.AsSpan(read));
        return changed[..written];

        void Put(ReadOnlySpan<byte> part)
        {
            part.CopyTo(changed.AsSpan(written));
            written += part.Length;
        }
    }

    private (Range Replaced, ReadOnlyMemory<byte> By) Edit(byte[][] hostile, Random random)
    {
        if (_members.Count > 0 && random.Next(4) == 0)
        {
            Range member = _members[random.Next(_members.Count)];
            int begin = member.Start.Value;
            return random.Next(4) switch
            {
                0 => (WithComma(member), default),
                1 => (begin..begin, (byte[])[.. Text.AsSpan(member), (byte)',']),
                2 => ((begin + 1)..(begin + 1), "_"u8.ToArray()),
                _ => (member, Part(_members[random.Next(_members.Count)])),
            };
        }
        Range value = _values[random.Next(_values.Count)];
        return (value, random.Next(4) switch
        {
            0 => Part(_values[random.Next(_values.Count)]),
            1 when TryNear(value, random, out byte[] near) => near,
            _ => hostile[random.Next(hostile.Length)],
        });
    }

    private ReadOnlyMemory<byte> Part(Range range) => Text.AsMemory()[range];

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

    private static bool IsBlank(byte symbol) => symbol is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t';
}
