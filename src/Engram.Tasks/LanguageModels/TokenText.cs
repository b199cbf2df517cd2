using Engram.Data;

namespace Engram.Tasks;

/// <summary>The text of tokens that come one after the other: what a token adds depends on those before it, such as the blank before a word.</summary>
internal sealed class TokenText(TextEncoder encoder)
{
    /// <summary>Tokens back that what is written next is told by; a multiple is kept, so that each is decoded few times.</summary>
    private const int Context = 32;

    private readonly List<int> _tokens = [];
    private int _shown;

    /// <summary>Whether <see cref="Vocabulary.End"/> is the end of a line.</summary>
    public bool EndsLines { get; } = encoder.Options.Tokenizer is TokenizerKind.Words or TokenizerKind.Whitespace;

    /// <summary>The tokens of a prompt; the end of a line where it is empty.</summary>
    public int[] Start(string prompt)
    {
        int[] tokens = LanguageModelText.Of(encoder, TextCorpus.Of(prompt).Lines).Tokens.ToArray();
        if (tokens.Length == 0)
        {
            tokens = LanguageModelText.Of(encoder, ["\n"]).Tokens.ToArray();
        }
        if (tokens.Length == 0)
        {
            tokens = [Vocabulary.Start];
        }
        _tokens.AddRange(tokens.TakeLast(Context));
        _shown = Shown().Length;
        return tokens;
    }

    /// <summary>Adds a token.</summary>
    /// <returns>The text that it adds; empty where the next one must tell first, as in the middle of a character.</returns>
    public string Add(int token)
    {
        _tokens.Add(token);
        string text = Shown();
        // A character of several bytes of which some are still to come.
        if (encoder.Options.Tokenizer == TokenizerKind.Bpe && text.EndsWith('\uFFFD') && _tokens.Count < 2 * Context)
        {
            return "";
        }
        string piece = text[Math.Min(_shown, text.Length)..];
        if (_tokens.Count > 4 * Context)
        {
            _tokens.RemoveRange(0, _tokens.Count - Context);
            text = Shown();
        }
        _shown = text.Length;
        return piece;
    }

    /// <summary>What was held back.</summary>
    public string Rest()
    {
        string text = Shown();
        return text[Math.Min(_shown, text.Length)..];
    }

    private string Shown()
    {
        if (!EndsLines)
        {
            return encoder.Decode(_tokens.ToArray());
        }
        List<string> lines = [];
        List<int> line = [];
        foreach (int token in _tokens)
        {
            if (token == Vocabulary.End)
            {
                lines.Add(encoder.Decode([.. line]));
                line.Clear();
            }
            else
            {
                line.Add(token);
            }
        }
        lines.Add(encoder.Decode([.. line]));
        return string.Join('\n', lines);
    }
}
