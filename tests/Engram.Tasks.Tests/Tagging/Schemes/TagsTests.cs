namespace Engram.Tasks.Tests.Tagging.Schemes;

public sealed class TagsTests
{
    [Theory]
    [InlineData("B-NP I-NP O B-VP", "NP 0 2, VP 3 4")]
    [InlineData("I-NP I-NP O I-VP", "NP 0 2, VP 3 4")] // I- behind O begins a chunk
    [InlineData("B-NP I-VP I-VP B-VP", "NP 0 1, VP 1 3, VP 3 4")] // so does another type
    [InlineData("I-NP B-NP I-NP", "NP 0 1, NP 1 3")]
    [InlineData("B-NP E-NP S-VP B-NP I-NP E-NP", "NP 0 2, VP 2 3, NP 3 6")]
    [InlineData("E-NP I-NP S-NP S-NP", "NP 0 1, NP 1 2, NP 2 3, NP 3 4")] // behind E- nothing goes on
    [InlineData("O O", "")]
    [InlineData("B-A-B I-A-B", "A-B 0 2")]
    public void Chunks_begin_and_end_as_the_script_reads_them(string tags, string expected) =>
        Assert.Equal(expected, string.Join(", ", Tags.Chunks(tags.Split(' '), TagScheme.Bio).Select(chunk => $"{chunk.Type} {chunk.First} {chunk.End}")));

    [Fact]
    public void Without_a_scheme_every_token_is_one_of_its_own() =>
        Assert.Equal([new Chunk("NN", 0, 1), new Chunk("NN", 1, 2), new Chunk("O", 2, 3)], Tags.Chunks(["NN", "NN", "O"], TagScheme.None));

    [Theory]
    [InlineData("B-NP I-NP O", TagScheme.Bio)]
    [InlineData("I-NP I-NP B-NP O I-VP", TagScheme.Iob1)]
    [InlineData("B-NP I-VP", TagScheme.Iob1)]
    [InlineData("S-NP O B-NP E-NP", TagScheme.Bioes)]
    [InlineData("NN DT", TagScheme.None)]
    [InlineData("B-NP NN", TagScheme.None)]
    [InlineData("B- O", TagScheme.None)]
    [InlineData("O O", TagScheme.None)]
    public void The_scheme_is_found_from_the_tags(string tags, TagScheme expected) => Assert.Equal(expected, Tags.Detect([tags.Split(' ')]));

    [Fact]
    public void Every_scheme_tells_the_same_chunks()
    {
        Chunk[] chunks = [new("NP", 0, 1), new("NP", 1, 4), new("VP", 5, 7), new("NP", 7, 8)];
        Assert.Equal("I-NP B-NP I-NP I-NP O I-VP I-VP I-NP", string.Join(' ', Tags.Of(chunks, 8, TagScheme.Iob1)));
        Assert.Equal("B-NP B-NP I-NP I-NP O B-VP I-VP B-NP", string.Join(' ', Tags.Of(chunks, 8, TagScheme.Bio)));
        Assert.Equal("S-NP B-NP I-NP E-NP O B-VP E-VP S-NP", string.Join(' ', Tags.Of(chunks, 8, TagScheme.Bioes)));
        foreach (TagScheme scheme in (TagScheme[])[TagScheme.Iob1, TagScheme.Bio, TagScheme.Bioes])
        {
            Assert.Equal(chunks, Tags.Chunks(Tags.Of(chunks, 8, scheme), scheme));
            Assert.Equal(Tags.Of(chunks, 8, TagScheme.Bio), Tags.Convert(Tags.Of(chunks, 8, scheme), scheme, TagScheme.Bio));
        }
    }

    [Fact]
    public void Rules_allow_what_the_scheme_makes_of_any_chunks_and_nothing_else()
    {
        string[] bio = ["B-X", "B-Y", "I-X", "I-Y", "O"], bioes = ["B-X", "B-Y", "E-X", "E-Y", "I-X", "I-Y", "O", "S-X", "S-Y"];
        foreach ((string[] tags, TagScheme scheme) in (ReadOnlySpan<(string[], TagScheme)>)[(bio, TagScheme.Bio), (bioes, TagScheme.Bioes)])
        {
            TagRules rules = Tags.Rules(tags, scheme)!;
            int allowed = 0;
            foreach (string[] path in Paths(tags, 3))
            {
                int[] ids = [.. path.Select(tag => Array.IndexOf(tags, tag))];
                bool kept = rules.MayStart(ids[0]) && rules.MayFollow(ids[0], ids[1]) && rules.MayFollow(ids[1], ids[2]) && rules.MayEnd(ids[2]);
                Assert.Equal(kept, Tags.Of(Tags.Chunks(path, scheme), 3, scheme).SequenceEqual(path));
                allowed += kept ? 1 : 0;
            }
            Assert.InRange(allowed, 1, Math.Pow(tags.Length, 3) - 1);
        }
        Assert.Null(Tags.Rules(["NN"], TagScheme.None));
    }

    private static IEnumerable<string[]> Paths(string[] tags, int length) =>
        length == 0 ? [[]] : Paths(tags, length - 1).SelectMany(path => tags.Select(tag => (string[])[.. path, tag]));
}
