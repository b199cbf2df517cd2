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
    public void Unknown_labels_have_no_index()
    {
        Assert.Equal(1, ClassNames.IndexOf(["a", "b"], "b"));
        Assert.Equal(-1, ClassNames.IndexOf(["a", "b"], "B"));
    }
}
