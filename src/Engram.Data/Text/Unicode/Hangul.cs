namespace Engram.Data;

/// <summary>Korean syllables are computed from their letters (The Unicode Standard, section 3.12).</summary>
internal static class Hangul
{
    public const int FirstLead = 0x1100, FirstVowel = 0x1161, FirstTail = 0x11A7, FirstSyllable = 0xAC00;
    public const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    /// <summary>Appends the letters of a syllable; false where it is none.</summary>
    public static bool TryDecompose(int point, List<int> letters)
    {
        int syllable = point - FirstSyllable;
        if (syllable is < 0 or >= Syllables)
        {
            return false;
        }
        letters.Add(FirstLead + (syllable / (Vowels * Tails)));
        letters.Add(FirstVowel + (syllable % (Vowels * Tails) / Tails));
        if (syllable % Tails > 0)
        {
            letters.Add(FirstTail + (syllable % Tails));
        }
        return true;
    }

    /// <summary>The syllable of a lead and a vowel, or of a syllable without tail and a tail.</summary>
    public static bool TryCompose(int first, int second, out int composed)
    {
        (int lead, int vowel, int syllable, int tail) = (first - FirstLead, second - FirstVowel, first - FirstSyllable, second - FirstTail);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            composed = FirstSyllable + (((lead * Vowels) + vowel) * Tails);
            return true;
        }
        composed = first + tail;
        return syllable is >= 0 and < Syllables && syllable % Tails == 0 && tail is > 0 and < Tails;
    }
}
