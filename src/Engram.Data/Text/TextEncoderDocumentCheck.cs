using System.Text;

namespace Engram.Data;

/// <summary>Checks what a model file says of its vocabulary, before anything is made of it.</summary>
internal static class TextEncoderDocumentCheck
{
    /// <returns>The merges, where there are any.</returns>
    /// <exception cref="FormatException">Something is missing, stands there twice, or does not fit.</exception>
    public static BytePairMerges? Check(TextEncoderDocument document)
    {
        TextOptions options = document.Options ?? throw new FormatException("its options are missing");
        if (options.Fault() is var (option, value, rule))
        {
            throw new FormatException($"its option {option} is {value}, which {rule.TrimEnd('.')}");
        }
        Require(document.Tokens is not null, "its tokens are missing");
        Dictionary<string, int> idOf = CheckTokens(document.Tokens!, options);
        Require(document.Counts is null || (document.Counts.Count == idOf.Count && document.Counts.All(count => count >= 0)), "its counts do not fit its tokens");
        if (options.Tokenizer != TokenizerKind.Bpe)
        {
            Require(document.Merges is null, "it has byte pairs, but its tokenizer knows none");
            return null;
        }
        Require(document.Merges is not null, "its byte pairs are missing");
        return CheckMerges(document.Merges!, idOf);
    }

    private static Dictionary<string, int> CheckTokens(IReadOnlyList<string> tokens, TextOptions options)
    {
        Require(tokens.Take(Vocabulary.SpecialCount).SequenceEqual(Vocabulary.Specials), $"its first tokens are not {string.Join(' ', Vocabulary.Specials)}");
        Require(tokens.Count > Vocabulary.SpecialCount && tokens.Count <= (options.Vocabulary ?? int.MaxValue), $"it has {tokens.Count} tokens");
        Dictionary<string, int> idOf = new(tokens.Count, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Count; id++)
        {
            string? token = tokens[id];
            Require(!string.IsNullOrEmpty(token) && token.Length <= TextOptions.LongestToken && IsText(token), $"its token {id} is no text");
            Require(options.Tokenizer != TokenizerKind.Characters || id < Vocabulary.SpecialCount || IsOneCharacter(token!), $"its token {id} is not one character");
            Require(idOf.TryAdd(token!, id), $"its token {id} stands there twice");
        }
        return idOf;
    }

    /// <summary>The bytes are there, and every other token is what two of the tokens before it become.</summary>
    private static BytePairMerges CheckMerges(IReadOnlyList<string> merges, Dictionary<string, int> idOf)
    {
        const int firstPiece = BytePairMerges.FirstByte + 256;
        int index = BytePairMerges.FirstByte;
        foreach (string token in BytePairMerges.ByteTokens)
        {
            Require(idOf.TryGetValue(token, out int id) && id == index++, "its tokens of the 256 bytes are missing");
        }
        List<(int Left, int Right, int Id)> known = [];
        HashSet<long> pairs = [];
        int pieces = firstPiece;
        for (int rank = 0; rank < merges.Count; rank++)
        {
            string[] parts = merges[rank]?.Split(' ') ?? [];
            int left = 0, right = 0, id = 0;
            Require(
                parts.Length == 2 && idOf.TryGetValue(parts[0], out left) && idOf.TryGetValue(parts[1], out right) && idOf.TryGetValue(parts[0] + parts[1], out id)
                    && left >= BytePairMerges.FirstByte && right >= BytePairMerges.FirstByte && left < pieces && right < pieces && id <= pieces,
                $"its byte pair {rank} does not fit its tokens");
            Require(pairs.Add(BytePairMerges.Pair(left, right)), $"its byte pair {rank} stands there twice");
            known.Add((left, right, id));
            pieces += id == pieces ? 1 : 0;
        }
        Require(pieces == idOf.Count, $"its token {pieces} comes from no byte pair");
        return new BytePairMerges(known);
    }

    private static bool IsOneCharacter(string token) => Rune.TryGetRuneAt(token, 0, out Rune rune) && rune.Utf16SequenceLength == token.Length;

    private static bool IsText(string token)
    {
        ReadOnlySpan<char> rest = token;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }
            rest = rest[length..];
        }
        return true;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }
}
