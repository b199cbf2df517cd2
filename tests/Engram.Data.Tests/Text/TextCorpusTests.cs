namespace Engram.Data.Tests.Text;

public sealed class TextCorpusTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Lines_beyond_the_memory_limit_are_the_same(long memoryLimit)
    {
        string first = _files.Write(string.Concat(Enumerable.Range(0, 200).Select(i => new string('é', i % 30) + "👍\r\n")), "1.txt"), second = _files.Write("\nlast", "2.txt");
        TextCorpus inMemory = TextCorpus.Read([first, second]), inFile = TextCorpus.Read([first, second], memoryLimit);
        Assert.Equal(202, inFile.Lines.Count);
        Assert.Equal(inMemory.Lines, inFile.Lines);
        Assert.Equal((inMemory.Sha256, inMemory.CharacterCount), (inFile.Sha256, inFile.CharacterCount));
        Assert.Throws<DataException>(() => TextCorpus.Read([_files.Write(" \n\t\n")], memoryLimit));
    }

    [Fact]
    public void Texts_of_a_table_beyond_the_memory_limit_are_the_same_lines()
    {
        LabelledTexts texts = new(["one\r\ntwo", "", "👍"]);
        Assert.Equal(["one two\n", "\n", "👍\n"], TextCorpus.Of(texts).Lines);
        Assert.Equal(["one two\n", "\n", "👍\n"], TextCorpus.Of(texts, 0).Lines);
    }

    /// <summary>Cutting in two and the first part again, as training, validation and test parts are cut.</summary>
    [Fact]
    public void A_cut_is_the_text_in_two_wherever_it_is()
    {
        const string text = "ab\n\n👍🏽c\nlast";
        TextCorpus corpus = TextCorpus.Of(text);
        for (int characters = 0; characters <= corpus.CharacterCount + 1; characters++)
        {
            (IReadOnlyList<string> first, IReadOnlyList<string> second) = corpus.Cut(characters);
            Assert.Equal(text, string.Concat(first) + string.Concat(second));
            Assert.Equal(Math.Min(characters, corpus.CharacterCount), first.Sum(TextCorpus.Characters));
            Assert.All(first.Concat(second), line => Assert.NotEqual("", line));
            Assert.Equal(first, Enumerable.Range(0, first.Count).Select(i => first[i]));
            Assert.Equal(second, Enumerable.Range(0, second.Count).Select(i => second[i]));
            Assert.Throws<ArgumentOutOfRangeException>(() => first[first.Count].Length);
            (IReadOnlyList<string> half, IReadOnlyList<string> rest) = TextCorpus.Of(first).Cut(characters / 2);
            Assert.Equal(string.Concat(first), string.Concat(half) + string.Concat(rest));
        }
    }
}
