using System.Text;

namespace Engram.Data;

/// <summary>Brings texts into the form in which they are cut: Unicode form, case, no half of a surrogate pair. ASCII is not copied where it need not be.</summary>
/// <param name="options">Which form.</param>
/// <param name="tokenizer">Which characters its tokenizer wants changed.</param>
internal sealed class TextNormalizer(TextOptions options, Tokenizer tokenizer)
{
    /// <summary>The text in its form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="room">Where it may be put; grows where it must.</param>
    public ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text, scoped ref char[] room)
    {
        if (Ascii.IsValid(text))
        {
            if (!options.LowerCase)
            {
                return text;
            }
            Span<char> small = Room(ref room, text.Length);
            Ascii.ToLower(text, small, out _);
            return small;
        }
        ReadOnlySpan<char> whole = Compose(text);
        Span<char> result = Room(ref room, whole.Length);
        int length = Prepare(whole, result);
        if (options.LowerCase)
        {
            ToLower(result[..length]);
        }
        return result[..length];
    }

    private ReadOnlySpan<char> Compose(ReadOnlySpan<char> text)
    {
        string whole = Whole(text);
        return options.Unicode == UnicodeForm.None ? whole : UnicodeNormalization.Normalize(whole, options.Unicode == UnicodeForm.Nfkc);
    }

    /// <summary>The text with U+FFFD for every half of a surrogate pair that lacks the other.</summary>
    private static string Whole(ReadOnlySpan<char> text)
    {
        StringBuilder whole = new(text.Length);
        Span<char> pair = stackalloc char[2];
        foreach (Rune rune in text.EnumerateRunes())
        {
            whole.Append(pair[..rune.EncodeToUtf16(pair)]);
        }
        return whole.ToString();
    }

    private int Prepare(ReadOnlySpan<char> text, Span<char> result)
    {
        int length = 0;
        foreach (char character in text)
        {
            if (tokenizer.Prepare(character) is >= 0 and int kept)
            {
                result[length++] = (char)kept;
            }
        }
        return length;
    }

    /// <summary>Each character by itself: a small letter is as long as its capital.</summary>
    private static void ToLower(Span<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsHighSurrogate(text[i]))
            {
                text[i] = char.ToLowerInvariant(text[i]);
            }
            else if (Rune.DecodeFromUtf16(text[i..], out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
            {
                Rune.ToLowerInvariant(rune).EncodeToUtf16(text.Slice(i, length));
                i += length - 1;
            }
        }
    }

    private static Span<char> Room(scoped ref char[] room, int length)
    {
        if (room.Length < length)
        {
            room = new char[Math.Max(length, 2 * room.Length)];
        }
        return room.AsSpan(0, length);
    }
}
