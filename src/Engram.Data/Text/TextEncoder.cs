using System.Collections.Concurrent;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Turns texts into token ids and ids into texts: normalisation, tokenizer and vocabulary in one. Learnt from texts
/// (<see cref="Learn"/>), kept in the model file (<see cref="ToDocument"/>); the same text gives the same ids ever after. Safe from many threads at once.
/// </summary>
public sealed partial class TextEncoder
{
    private const int CachedWords = 1 << 16;
    private const int LongestCached = 64;

    private readonly Tokenizer _tokenizer;
    private readonly TextNormalizer _normalizer;
    private readonly BytePairMerges? _merges;
    private readonly ConcurrentBag<Workspace> _workspaces = [];

    private TextEncoder(TextOptions options, Tokenizer tokenizer, Vocabulary vocabulary, BytePairMerges? merges)
    {
        (Options, _tokenizer, Vocabulary, _merges) = (options, tokenizer, vocabulary, merges);
        _normalizer = new TextNormalizer(options, tokenizer);
    }

    /// <summary>How texts are cut.</summary>
    public TextOptions Options { get; }

    /// <summary>The tokens and their ids.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The ids of a text: without start and end, <see cref="Vocabulary.Unknown"/> for every token that is not in the vocabulary.</summary>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        Workspace workspace = Rent();
        workspace.Ids.Clear();
        Encode(text, workspace, workspace.Ids);
        int[] ids = [.. workspace.Ids];
        _workspaces.Add(workspace);
        return ids;
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{char})"/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(text.AsSpan());
    }

    /// <summary>Appends the ids of a text to a list.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">Receives them behind those that it has.</param>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        Workspace workspace = Rent();
        Encode(text, workspace, ids);
        _workspaces.Add(workspace);
    }

    /// <summary>The tokens of a text as they are looked up: normalised, also those that are not in the vocabulary.</summary>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_merges is not null)
        {
            return [.. Encode(text).Select(id => Vocabulary[id])];
        }
        List<string> tokens = [];
        char[] room = [];
        ReadOnlySpan<char> normal = _normalizer.Normalize(text, ref room);
        for (int position = 0; _tokenizer.Next(normal, ref position, out ReadOnlySpan<char> token);)
        {
            tokens.Add(token.ToString());
        }
        return tokens;
    }

    /// <summary>What brings a word into the form in which tokens are looked up; for one thread.</summary>
    internal WordForm Form()
    {
        char[] room = [];
        return word => _normalizer.Normalize(word, ref room);
    }

    /// <summary>
    /// The text of ids, as people write it: exact for characters and byte pairs where nothing is unknown, with blanks put where they usually stand for words.
    /// Padding and start are left out, and so is the end, which for <see cref="TokenizerKind.Whitespace"/> is the end of a line.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        if (_merges is not null)
        {
            return DecodeBytes(ids);
        }
        List<string> tokens = new(ids.Length);
        foreach (int id in ids)
        {
            string token = Vocabulary[id];
            if (id == Vocabulary.Unknown)
            {
                tokens.Add(_tokenizer.UnknownText);
            }
            else if (id >= Vocabulary.SpecialCount || (id == Vocabulary.End && Options.Tokenizer == TokenizerKind.Whitespace))
            {
                tokens.Add(token);
            }
        }
        StringBuilder text = new();
        _tokenizer.Join(tokens, text);
        return text.ToString();
    }

    /// <summary>The bytes of all tokens one behind the other; what is no whole character becomes U+FFFD.</summary>
    private string DecodeBytes(ReadOnlySpan<int> ids)
    {
        List<byte> bytes = new(ids.Length * 4);
        foreach (int id in ids)
        {
            string token = Vocabulary[id];
            if (id == Vocabulary.Unknown)
            {
                bytes.AddRange("\uFFFD"u8);
            }
            for (int i = 0; i < token.Length && id >= Vocabulary.SpecialCount; i++)
            {
                ByteAlphabet.TryByteOf(token[i], out byte value);
                bytes.Add(value);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private void Encode(ReadOnlySpan<char> text, Workspace workspace, List<int> ids)
    {
        ReadOnlySpan<char> normal = _normalizer.Normalize(text, ref workspace.Room);
        for (int position = 0; _tokenizer.Next(normal, ref position, out ReadOnlySpan<char> token);)
        {
            if (_merges is null)
            {
                ids.Add(Vocabulary.IdOf(token));
            }
            else
            {
                EncodeWord(token, workspace, ids);
            }
        }
    }

    /// <summary>The ids of a word of byte pairs; most words have been there before.</summary>
    private void EncodeWord(ReadOnlySpan<char> word, Workspace workspace, List<int> ids)
    {
        Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> known = workspace.Known;
        if (known.TryGetValue(word, out int[]? found))
        {
            ids.AddRange(found);
            return;
        }
        int first = ids.Count;
        _merges!.Encode(word, ids);
        if (word.Length <= LongestCached && known.Dictionary.Count < CachedWords)
        {
            known[word] = [.. System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[first..]];
        }
    }

    private Workspace Rent() => _workspaces.TryTake(out Workspace? workspace) ? workspace : new Workspace();

    /// <summary>What one thread needs while it encodes.</summary>
    private sealed class Workspace
    {
        public char[] Room = [];

        public List<int> Ids { get; } = [];

        public Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> Known { get; } =
            new Dictionary<string, int[]>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
