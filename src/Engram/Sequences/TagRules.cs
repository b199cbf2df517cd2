namespace Engram;

/// <summary>
/// Which tags may follow which: what <see cref="Viterbi.Decode(Tensor, SequenceMask?, TagRules?)"/> holds paths to. In tags of the form B-, I-, O a name goes on (I-) only
/// where one of its kind has begun.
/// </summary>
public sealed class TagRules
{
    private readonly bool[] _follows, _starts, _ends;

    /// <summary>Rules for so many tags; each question is asked once.</summary>
    /// <param name="tags">Number of tags, at least 1.</param>
    /// <param name="mayFollow">Whether the second tag may follow the first.</param>
    /// <param name="mayStart">Whether a sequence may begin with a tag; null where any may.</param>
    /// <param name="mayEnd">Whether a sequence may end with a tag; null where any may.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no tags.</exception>
    public TagRules(int tags, Func<int, int, bool> mayFollow, Func<int, bool>? mayStart = null, Func<int, bool>? mayEnd = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tags, 1);
        ArgumentNullException.ThrowIfNull(mayFollow);
        Tags = tags;
        _follows = [.. Enumerable.Range(0, tags).SelectMany(i => Enumerable.Range(0, tags).Select(j => mayFollow(i, j)))];
        _starts = [.. Enumerable.Range(0, tags).Select(tag => mayStart?.Invoke(tag) ?? true)];
        _ends = [.. Enumerable.Range(0, tags).Select(tag => mayEnd?.Invoke(tag) ?? true)];
    }

    /// <summary>Number of tags.</summary>
    public int Tags { get; }

    /// <summary>Whether a tag may follow another.</summary>
    /// <param name="before">The tag before, 0 … <see cref="Tags"/> − 1.</param>
    /// <param name="tag">The tag, 0 … <see cref="Tags"/> − 1.</param>
    public bool MayFollow(int before, int tag) => _follows[before * Tags + tag];

    /// <summary>Whether a sequence may begin with a tag.</summary>
    public bool MayStart(int tag) => _starts[tag];

    /// <summary>Whether a sequence may end with a tag.</summary>
    public bool MayEnd(int tag) => _ends[tag];
}
