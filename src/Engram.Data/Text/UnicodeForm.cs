namespace Engram.Data;

/// <summary>The normal form that a text is brought into, so that what looks the same is the same.</summary>
public enum UnicodeForm
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>Canonical composition: a letter and its accent are one character.</summary>
    Nfc,

    /// <summary>Compatibility composition: full-width letters, ligatures and the like become plain ones as well.</summary>
    Nfkc,
}
