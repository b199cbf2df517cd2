namespace Engram.Data;

/// <summary>
/// A character for each byte, so that pieces of texts can be written as texts: bytes that are visible Latin-1 characters stand for themselves, the others
/// for U+0100 and up, in the order of bytes (GPT-2). The blank is Ġ.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] _characterOf = MakeCharacters();
    private static readonly Dictionary<char, byte> _byteOf = Enumerable.Range(0, 256).ToDictionary(value => _characterOf[value], value => (byte)value);

    /// <summary>The character of a byte.</summary>
    public static char CharacterOf(byte value) => _characterOf[value];

    /// <summary>The byte of a character; false where it stands for none.</summary>
    public static bool TryByteOf(char character, out byte value) => _byteOf.TryGetValue(character, out value);

    private static char[] MakeCharacters()
    {
        char[] characters = new char[256];
        int hidden = 0;
        for (int value = 0; value < 256; value++)
        {
            bool isVisible = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = (char)(isVisible ? value : 256 + hidden++);
        }
        return characters;
    }
}
