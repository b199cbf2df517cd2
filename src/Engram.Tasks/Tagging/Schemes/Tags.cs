namespace Engram.Tasks;

/// <summary>
/// Chunks and the tags that tell of them. A tag is O, or a letter and a type: B-NP. Where chunks begin and end is read as the evaluation script of the CoNLL
/// shared tasks reads it, so that any sequence of tags tells of some:
/// <code>
///   a chunk ends before a token    where the tag before is E- or S-, the token's is O, B- or S-, or the types differ
///   a chunk begins at a token      where its tag is B- or S-, the tag before is O, E- or S-, or the types differ
/// </code>
/// </summary>
internal static class Tags
{
    public const string Outside = "O";

    /// <summary>The chunks of a sentence, first to last.</summary>
    public static List<Chunk> Chunks(IReadOnlyList<string> tags, TagScheme scheme)
    {
        List<Chunk> chunks = [];
        if (scheme == TagScheme.None)
        {
            chunks.AddRange(tags.Select((tag, i) => new Chunk(tag, i, i + 1)));
            return chunks;
        }
        (char Letter, string Type) before = ('O', "");
        int first = -1;
        for (int i = 0; i <= tags.Count; i++)
        {
            (char Letter, string Type) tag = i < tags.Count ? Split(tags[i]) : ('O', "");
            bool differs = tag.Type != before.Type;
            if (first >= 0 && (before.Letter is 'E' or 'S' || tag.Letter is 'O' or 'B' or 'S' || differs))
            {
                chunks.Add(new Chunk(before.Type, first, i));
                first = -1;
            }
            if (tag.Letter != 'O' && (tag.Letter is 'B' or 'S' || before.Letter is 'O' or 'E' or 'S' || differs))
            {
                first = i;
            }
            before = tag;
        }
        return chunks;
    }

    /// <summary>The tags of a sentence's chunks.</summary>
    public static string[] Of(IReadOnlyList<Chunk> chunks, int tokens, TagScheme scheme)
    {
        string[] tags = new string[tokens];
        Array.Fill(tags, Outside);
        Chunk before = new("", -1, -1);
        foreach (Chunk chunk in chunks)
        {
            for (int i = chunk.First; i < chunk.End; i++)
            {
                bool first = i == chunk.First, last = i == chunk.End - 1;
                tags[i] = scheme switch
                {
                    TagScheme.None => chunk.Type,
                    TagScheme.Iob1 => (first && before.End == chunk.First && before.Type == chunk.Type ? "B-" : "I-") + chunk.Type,
                    TagScheme.Bio => (first ? "B-" : "I-") + chunk.Type,
                    _ => (first && last ? "S-" : first ? "B-" : last ? "E-" : "I-") + chunk.Type,
                };
            }
            before = chunk;
        }
        return tags;
    }

    /// <summary>The same chunks told in another scheme.</summary>
    public static IReadOnlyList<string> Convert(IReadOnlyList<string> tags, TagScheme from, TagScheme to) =>
        from == to ? tags : Of(Chunks(tags, from), tags.Count, to);

    /// <summary>The scheme of tags, by the letters that they have and where they stand.</summary>
    public static TagScheme Detect(IEnumerable<IReadOnlyList<string>> sentences)
    {
        bool ends = false, begins = false, beginsInside = false;
        foreach (IReadOnlyList<string> tags in sentences)
        {
            string before = Outside;
            foreach (string tag in tags)
            {
                if (tag != Outside && tag is not ['B' or 'I' or 'E' or 'S', '-', _, ..])
                {
                    return TagScheme.None;
                }
                ends |= tag[0] is 'E' or 'S';
                begins |= tag[0] == 'B';
                beginsInside |= tag[0] == 'I' && (before == Outside || Split(before).Type != Split(tag).Type);
                before = tag;
            }
        }
        return ends ? TagScheme.Bioes : beginsInside ? TagScheme.Iob1 : begins ? TagScheme.Bio : TagScheme.None;
    }

    /// <summary>Which tags may follow which in a scheme; null where any may.</summary>
    public static TagRules? Rules(IReadOnlyList<string> tags, TagScheme scheme)
    {
        (char Letter, string Type)[] parts = [.. tags.Select(Split)];
        return scheme switch
        {
            TagScheme.Bio => new TagRules(tags.Count, (before, tag) => parts[tag].Letter != 'I' || (parts[before].Letter != 'O' && parts[before].Type == parts[tag].Type), tag => parts[tag].Letter != 'I'),
            TagScheme.Bioes => new TagRules(
                tags.Count,
                (before, tag) => IsOpen(parts[before]) ? parts[tag].Letter is 'I' or 'E' && parts[before].Type == parts[tag].Type : parts[tag].Letter is 'O' or 'B' or 'S',
                tag => parts[tag].Letter is 'O' or 'B' or 'S',
                tag => !IsOpen(parts[tag])),
            _ => null,
        };

        static bool IsOpen((char Letter, string Type) tag) => tag.Letter is 'B' or 'I';
    }

    private static (char Letter, string Type) Split(string tag)
    {
        int dash = tag.IndexOf('-', StringComparison.Ordinal);
        return tag.Length == 0 || tag == Outside ? ('O', "") : dash < 0 ? (tag[0], "") : (tag[0], tag[(dash + 1)..]);
    }
}
