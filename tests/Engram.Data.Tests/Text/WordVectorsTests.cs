using System.IO.Compression;
using System.Text;

namespace Engram.Data.Tests.Text;

public sealed class WordVectorsTests : IDisposable
{
    private static readonly Vocabulary _vocabulary = TextEncoder.Learn(["good good good bad bad film"]).Vocabulary;
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    private DataException Fails(string text, string message)
    {
        DataException error = Assert.Throws<DataException>(() => WordVectors.Read(_files.Write(text, "v.vec"), _vocabulary));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        return error;
    }

    [Theory]
    [InlineData("3 2\ngood 1 2\nother 9 9\nbad -3 4e-1\n")]
    [InlineData("good 1 2\nother 9 9\nbad -3 0.4 \n\n")]
    [InlineData("good\t1\t2\n. . . 7 7\nbad -3 0.4\ngood 5 5\n")]
    public void Words_that_are_needed_are_kept(string text)
    {
        WordVectors vectors = WordVectors.Read(_files.Write(text), _vocabulary);
        Assert.Equal((2, 2, 3), (vectors.Size, vectors.FoundCount, vectors.WordCount));
        Assert.Equal([0, 0], vectors.Matrix[..2]);
        Assert.Equal([1, 2, -3, 0.4f], vectors.Matrix[8..12]);
    }

    [Fact]
    public void Words_that_are_missing_are_drawn_around_the_mean_by_the_seed()
    {
        string path = _files.Write("good 1 5\nbad 3 5\n");
        float[] one = WordVectors.Read(path, _vocabulary, 1).Matrix, again = WordVectors.Read(path, _vocabulary, 1).Matrix, other = WordVectors.Read(path, _vocabulary, 2).Matrix;
        Assert.Equal(one, again);
        Assert.NotEqual(one[^2], other[^2]);
        Assert.Equal(2, one[^2], 5f);
        Assert.Equal(5, one[^1]);
    }

    [Fact]
    public void A_packed_file()
    {
        MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Fastest))
        {
            stream.Write(Encoding.UTF8.GetBytes("good 1 2 3\n"));
        }
        Assert.Equal(3, WordVectors.Read(_files.WriteBytes(packed.ToArray(), "v.gz"), _vocabulary).Size);
    }

    [Fact]
    public void What_is_wrong_is_named_with_its_row()
    {
        Assert.Equal(3, Fails("2 3\ngood 1 2 3\nbad 1 2\n", "row 3: 2 numbers where the lines before have 3").Row);
        Assert.Equal(2, Fails("good 1 2 3\nx 1 2 3 4\n", "row 2: 4 numbers where the lines before have 3").Row);
        Assert.Equal(2, Fails("good 1 2\nbad 1 two\n", "row 2: 'two' is not a number").Row);
        Assert.Equal(1, Fails("good 1 nan\n", "row 1: 'nan' is not a number").Row);
        Fails("", "holds no word vectors");
        Fails("other 1 2\n", "has a vector for none of the 3 words");
        Assert.Contains("no such file", Assert.Throws<DataException>(() => WordVectors.Read(_files.File("none"), _vocabulary)).Message, StringComparison.Ordinal);
    }
}
