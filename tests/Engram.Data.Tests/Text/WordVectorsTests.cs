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
        Assert.Equal(3, Fails("2 3\ngood 1 2 3\nbad 1 2\n", "row 3: 2 numbers where the first line tells of 3").Row);
        Assert.Equal(2, Fails("2 4\ngood 1 2 3\nbad 1 2 3\n", "row 2: 3 numbers where the first line tells of 4").Row);
        Assert.Equal(2, Fails("good 1 2 3\nbad 1 2\n", "row 2: 2 numbers where the lines before have 3").Row);
        Assert.Equal(2, Fails("good 1 2 3\nx 1 2 3 4\n", "row 2: 4 numbers where the lines before have 3").Row);
        Assert.Equal(2, Fails("good 1 2\nbad 1 two\n", "row 2: 'two' is not a number").Row);
        Assert.Equal(1, Fails("good 1 nan\n", "row 1: 'nan' is not a number").Row);
        Assert.Equal(1, Fails("good\n", "row 1: there are no numbers behind 'good'").Row);
        Assert.Equal(2, Fails("2 3\n\0good\0 1 2\n", "row 2: this is no text").Row);
        Fails("", "holds no word vectors");
        Fails("2 3\n", "holds no word vectors");
        Fails("other 1 2\n", "has a vector for none of the 3 words");
        Assert.Contains("no such file", Assert.Throws<DataException>(() => WordVectors.Read(_files.File("none"), _vocabulary)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_are_brought_into_the_form_of_the_encoder()
    {
        TextEncoder encoder = TextEncoder.Learn(["caf\u00E9 film it's big big"], new TextOptions { LowerCase = true });
        string path = _files.Write("Cafe\u0301 1 1\nFILM 2 2\nFilm 3 3\nfilm 4 4\nfilm 5 5\n\u2019S 6 6\nBig 7 7\nBIG 8 8\n");

        WordVectors vectors = WordVectors.Read(path, encoder);

        Assert.Equal([1, 1], Of("caf\u00E9"));
        Assert.Equal([4, 4], Of("film")); // written like the token, the first of two
        Assert.Equal([6, 6], Of("'s"));
        Assert.Equal([7, 7], Of("big")); // the first of the same form
        Assert.False(vectors.Has(encoder.Vocabulary.IdOf("it")));
        Assert.Equal((4, 5), (vectors.FoundCount, vectors.WordCount));
        Assert.Equal(5 / 6.0, vectors.TokenShare!.Value, 1e-12);
        Assert.Equal(1, WordVectors.Read(path, encoder.Vocabulary).FoundCount);

        float[] Of(string word) => vectors.Matrix[(2 * encoder.Vocabulary.IdOf(word))..(2 * encoder.Vocabulary.IdOf(word) + 2)];
    }

    [Fact]
    public void An_embedding_gets_the_words_found_and_keeps_the_others()
    {
        WordVectors vectors = WordVectors.Read(_files.Write("good 1 5\nbad 3 5\n"), _vocabulary);
        Embedding embedding = new(_vocabulary.Count, 2);
        Assert.Throws<InvalidOperationException>(() => vectors.CopyTo(embedding));
        new Sequential(embedding, new Lstm(2)).Build(new Shape(3));
        float[] before = embedding.Parameters[0].ToArray();

        vectors.CopyTo(embedding);

        Assert.Equal([.. before[..8], 1, 5, 3, 5, .. before[12..]], embedding.Parameters[0].ToArray());
        Assert.Throws<ArgumentException>(() => vectors.CopyTo(new Embedding(_vocabulary.Count, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => vectors.Has(_vocabulary.Count));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("good 1 5\nbad 3 5\n"u8)), vectors.Sha256);
    }
}
