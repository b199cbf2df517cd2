using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>How tags tell where a name or phrase begins and ends.</summary>
public enum TagScheme
{
    /// <summary>Tags stand for themselves, as parts of speech do: every token is one of its own.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>I- inside a chunk, B- only where one follows another of its kind (Ramshaw &amp; Marcus 1995).</summary>
    [JsonStringEnumMemberName("iob1")]
    Iob1,

    /// <summary>B- at the first token of a chunk and I- at the others; also called IOB2.</summary>
    [JsonStringEnumMemberName("bio")]
    Bio,

    /// <summary>B- at the first, I- inside, E- at the last, S- at the only token of a chunk.</summary>
    [JsonStringEnumMemberName("bioes")]
    Bioes,
}
