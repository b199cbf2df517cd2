namespace Engram.Tasks.Tests.Classification;

public sealed class ClassNamesTests
{
    [Theory]
    [InlineData("b,a,b,A", "A,a,b")]
    [InlineData("10,9,-1,2.5,9", "-1,2.5,9,10")]
    [InlineData("10,9,many", "10,9,many")]
    [InlineData("1e1,9", "9,1e1")]
    [InlineData("NaN,1,0", "0,1,NaN")]
    [InlineData("ä,z,中", "z,ä,中")]
    public void Numbers_come_by_size_and_words_in_ordinal_order(string labels, string expected) =>
        Assert.Equal(expected.Split(','), ClassNames.Of(labels.Split(',')));

    [Fact]
    public void Each_label_has_its_index_and_case_counts()
    {
        Dictionary<string, int> indices = ClassNames.Indices(["a", "b"]);

        Assert.Equal((0, 1), (indices["a"], indices["b"]));
        Assert.DoesNotContain("B", indices.Keys);
    }

    [Theory]
    [InlineData(2, "0, 1")]
    [InlineData(20, "18, 19")]
    [InlineData(23, "18, 19 and 3 more")]
    public void Many_labels_are_told_in_short(int count, string end) =>
        Assert.EndsWith(end, ClassNames.Listed([.. Enumerable.Range(0, count).Select(i => $"{i}")]), StringComparison.Ordinal);
}
