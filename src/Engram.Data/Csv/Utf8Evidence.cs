using System.Buffers;
using System.Globalization;
using System.Text;

namespace Engram.Data;

/// <summary>How well bytes are UTF-8: a few bad ones among many good ones are damage, and no sign of another encoding.</summary>
internal sealed class Utf8Evidence
{
    /// <summary>So many good characters beyond ASCII stand against one bad: other encodings hit a good one by chance, and not often.</summary>
    private const long GoodForOneBad = 10;

    private long _good, _bad;

    /// <summary>Whether all bytes are UTF-8.</summary>
    public bool IsSound => _bad == 0;

    /// <summary>Whether the bytes are UTF-8 but for a few.</summary>
    public bool IsLikely => _good >= GoodForOneBad * _bad;

    /// <summary>What to tell of bytes that are likely but not sound.</summary>
    public string Note => string.Create(
        CultureInfo.InvariantCulture,
        $"The file is UTF-8 with {_bad:N0} damaged {(_bad == 1 ? "place" : "places")}, read as \uFFFD.");

    /// <summary>Looks at bytes that end with a whole character.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int ascii = bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (ascii < 0)
            {
                return;
            }
            bytes = bytes[ascii..];
            bool isGood = Rune.DecodeFromUtf8(bytes, out _, out int length) == OperationStatus.Done;
            (_good, _bad) = (_good + (isGood ? 1 : 0), _bad + (isGood ? 0 : 1));
            bytes = bytes[length..];
        }
    }
}
