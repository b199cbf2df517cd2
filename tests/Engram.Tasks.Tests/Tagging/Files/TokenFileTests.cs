using System.IO.Compression;
using System.Text;
using Engram.Data;

namespace Engram.Tasks.Tests.Tagging.Files;

public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sentences_have_empty_lines_between()
    {
        string file = _folder.Write("-DOCSTART- -X- O\n\nThe DT B-NP\ncat  NN I-NP\r\n\n  \n\nSat VBD B-VP");
        IReadOnlyList<TaggedSentence> sentences = SequenceTagger.Read(file, features: [1]);
        Assert.Equal(["The cat", "Sat"], sentences.Select(sentence => string.Join(' ', sentence.Tokens)));
        Assert.Equal(["B-NP I-NP", "B-VP"], sentences.Select(sentence => string.Join(' ', sentence.Tags!)));
        Assert.Equal(["DT", "NN"], sentences[0].Features[0]);
        Assert.Equal([3L, 8L], sentences.Select(sentence => sentence.Line));
    }

    [Fact]
    public void A_new_document_ends_the_sentence_without_an_empty_line() => Assert.Equal(
        ["a", "b"], SequenceTagger.Read(_folder.Write("a X\n-DOCSTART- O\nb Y\n")).Select(sentence => string.Join(' ', sentence.Tokens)));

    [Fact]
    public void Another_encoding_is_found_and_noted()
    {
        string file = _folder.WriteBytes([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("Käse N\nist V\n")]);

        TokenFiles read = TokenFile.Read([file], new TokenColumns(0, -1, []), CancellationToken.None);

        Assert.Equal(["Käse", "ist"], read.Sentences[0].Tokens);
        Assert.Equal(["The file is UTF-16."], read.Notes);
    }

    [Fact]
    public void Tabs_part_cells_that_have_blanks_in_them()
    {
        string file = _folder.Write("New York\tB-LOC\n东京\tB-LOC\n");
        Assert.Equal(["New York", "东京"], SequenceTagger.Read(file)[0].Tokens);
    }

    public static TheoryData<string, string?> Forms => new()
    {
        { "date,close\n2024-01-02,17.5\n2024-01-03,18\n", "Most tokens look like several, such as «date,close». A token to a line is expected, and an empty line between sentences." },
        { "今天天气很好，我们出去走走。\n他昨天没有来。\n", "Most tokens look like several, such as «今天天气很好，我们出去走走。». A token to a line is expected, and an empty line between sentences." },
        { string.Concat(Enumerable.Repeat("word\n", 201)), "No empty line stands among the 201 tokens, so that they count as one sentence. A token to a line is expected, and an empty line between sentences." },
        { string.Concat(Enumerable.Repeat("word\n,\n1,234\n\n", 100)), null },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void What_does_not_look_like_a_token_to_a_line_is_noted(string content, string? note) =>
        Assert.Equal(note is null ? [] : [note], TokenFile.Read([_folder.Write(content)], new TokenColumns(0, null, []), CancellationToken.None).Notes);

    [Fact]
    public void Columns_may_be_counted_from_either_end_and_tags_left_out()
    {
        string file = _folder.Write("1 a X\n2 b Y\n");
        Assert.Equal(["a", "b"], SequenceTagger.Read(file, column: -2, label: 2)[0].Tokens);
        Assert.Null(SequenceTagger.Read(file, label: null)[0].Tags);
    }

    [Fact]
    public void A_packed_file_is_unpacked()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("a X\nb Y\n"));
        }
        Assert.Equal(["a", "b"], SequenceTagger.Read(_folder.WriteBytes(packed.ToArray(), "t.gz"))[0].Tokens);
        byte[] damaged = packed.ToArray();
        damaged[12] ^= 0xFF;
        byte[] cut = packed.ToArray()[..^9];
        Assert.All([damaged, cut], bytes => Assert.Contains(
            "t.gz", Assert.Throws<DataException>(() => SequenceTagger.Read(_folder.WriteBytes(bytes, "t.gz"))).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a X Y\nb X\n", 2, "line 2", "«b X» has 2 columns, and the lines before have 3")]
    [InlineData("a X\nb\n", -1, "line 2", "«b» has 1 column, and the lines before have 2")]
    [InlineData("a\nb\n", -1, "line 1", "has its token and its tag in one column")]
    [InlineData("a X\nb X\n", 2, "line 1", "there is no column 2, which --label names")]
    [InlineData("a X\n", -3, "line 1", "there is no column -3")]
    [InlineData("", -1, "is empty", "no bytes")]
    [InlineData("\n \n", -1, "holds no token", "empty line")]
    [InlineData("\n\n-DOCSTART- O\n", -1, "holds no token", "empty line")]
    [InlineData("a\t\n", -1, "line 1", "is empty")]
    public void What_is_missing_is_told_with_its_line(string text, int label, string place, string wrong)
    {
        string file = _folder.Write(text);
        DataException error = Assert.Throws<DataException>(() => SequenceTagger.Read(file, label: label));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(wrong, error.Message, StringComparison.Ordinal);
        Assert.Equal(file, error.File);
    }

    [Fact]
    public void A_sentence_without_end_and_bytes_that_are_no_text_are_refused()
    {
        string file = _folder.Write(string.Concat(Enumerable.Repeat("a X\n", 2001)));
        Assert.Equal(2001, Assert.Throws<DataException>(() => SequenceTagger.Read(file)).Row);
        byte[] bytes = [.. "a X\n"u8, 0, 1, 2, (byte)'\n'];
        Assert.Contains("no text file", Assert.Throws<DataException>(() => SequenceTagger.Read(_folder.WriteBytes(bytes))).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<DataException>(() => SequenceTagger.Read(_folder.File("nothing"))).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<DataException>(() => SequenceTagger.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }
}
