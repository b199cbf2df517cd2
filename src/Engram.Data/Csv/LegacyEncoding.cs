using System.Text;

namespace Engram.Data;

/// <summary>Encodings from before Unicode.</summary>
internal static class LegacyEncoding
{
    /// <summary>Enough letters to tell by.</summary>
    private const int LettersLookedAt = 100_000;

    /// <summary>Names to choose from, for messages.</summary>
    public const string Examples = "names are utf-8, utf-16, gb18030, gbk, big5, shift_jis, windows-1252 and others";

    static LegacyEncoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>An encoding by name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Encoding Get(string name) => Encoding.GetEncoding(name);

    /// <summary>An encoding by name; null where there is none.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return Get(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// Tells Chinese from Western European files that are no UTF-8. GB18030 writes each Chinese letter as two bytes, mostly both above
    /// 0xA0; Windows-1252 writes an accented letter as one such byte, mostly with plain letters around it.
    /// </summary>
    public static TextEncoding Guess(CsvSource source)
    {
        using Stream stream = source.Open();
        using BufferedStream buffered = new(stream, 1 << 16);
        int pairs = 0, others = 0;
        bool isPossible = true;
        for (int lead; pairs + others < LettersLookedAt && (lead = buffered.ReadByte()) >= 0;)
        {
            if (lead < 0x80)
            {
                continue;
            }
            int trail = buffered.ReadByte();
            isPossible &= lead is >= 0x81 and <= 0xFE && trail is (>= 0x30 and <= 0x39) or (>= 0x40 and <= 0xFE and not 0x7F);
            bool isPair = lead >= 0xA1 && trail >= 0xA1;
            pairs += isPair ? 1 : 0;
            others += isPair ? 0 : 1;
        }
        return isPossible && pairs > others
            ? new TextEncoding(Get("gb18030"), 0, "The file is no UTF-8; it was read as GB18030 (Chinese).")
            : new TextEncoding(Get("windows-1252"), 0, "The file is no UTF-8; it was read as Windows-1252 (Western European). Name the encoding (--encoding) if letters look wrong.");
    }
}
