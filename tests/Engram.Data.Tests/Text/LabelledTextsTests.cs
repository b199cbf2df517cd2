using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Engram.Data.Tests.Text;

public sealed class LabelledTextsTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    private static DataException Fails(string path, string message, string text = "text", string? label = "label")
    {
        DataException exception = Assert.Throws<DataException>(() => LabelledTexts.Read(path, text, label));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(path, exception.File);
        return exception;
    }

    [Fact]
    public void Texts_and_labels_stay_as_they_are_written()
    {
        LabelledTexts texts = LabelledTexts.Read(_files.Write("id,Text,label\n1,\" two\nlines, and \"\"quotes\"\" \",01\n\n2,NA, b \n,,\n3,,-\n"), "text", "LABEL");
        Assert.Equal([" two\nlines, and \"quotes\" ", "NA", ""], texts.Texts);
        Assert.Equal(["01", "b", "-"], texts.Labels!);
        Assert.Contains("1 text without a letter; kept.", texts.Notes);
        Assert.Contains("2 rows without any value passed over, the first of them row 4.", texts.Notes);
        Assert.EndsWith(", row 2", texts.PlaceOf(0), StringComparison.Ordinal);
        Assert.EndsWith(", row 5", texts.PlaceOf(1), StringComparison.Ordinal);
        Assert.EndsWith(", row 7", texts.PlaceOf(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Quotes_in_files_with_tabs_are_letters_where_they_enclose_nothing()
    {
        LabelledTexts texts = LabelledTexts.Read(_files.Write("text\tlabel\n\"Up\" is good\tp\n\"open\tn\n\"whole\"\tp\n"), "text", "label");
        Assert.Equal(["\"Up\" is good", "\"open", "\"whole\""], texts.Texts);
        Assert.Contains(texts.Notes, note => note.StartsWith("Quotes (\") are taken as part of the texts", StringComparison.Ordinal));
    }

    [Fact]
    public void Quotes_in_files_with_tabs_enclose_cells_where_they_do_so_throughout() =>
        Assert.Equal(["one\n\ttwo", "a \"b\""], LabelledTexts.Read(_files.Write("text\tlabel\n\"one\n\ttwo\"\tp\n\"a \"\"b\"\"\"\tn\n"), "text").Texts);

    [Theory]
    [InlineData("text\n\none\n\n\"\"\ntwo\n\n\n", null, "3 rows without any value passed over, the first of them row 2.")]
    [InlineData("one\n\ntwo\n", false, "1 row without any value passed over, the first of them row 2.")]
    [InlineData("\ntext\none\ntwo\n\n", null, null)]
    public void Rows_without_a_value_between_others_are_counted(string content, bool? hasHeader, string? note)
    {
        LabelledTexts texts = LabelledTexts.Read(_files.Write(content), "text", options: new CsvOptions { HasHeader = hasHeader });
        Assert.Equal(["one", "two"], texts.Texts);
        Assert.Equal(note is null ? [] : [note], texts.Notes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Texts_beyond_the_memory_limit_are_the_same(long memoryLimit)
    {
        string path = _files.Write("text,label\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"\"{new string('é', i % 40)}\n👍 {i}\",{i % 3}\n,0\n")));
        LabelledTexts inMemory = LabelledTexts.Read(path, "text", "label"), inFile = LabelledTexts.Read([path], "text", "label", memoryLimit);
        Assert.Equal(600, inFile.Count);
        Assert.Equal(inMemory.Texts, inFile.Texts);
        Assert.Equal(inMemory.Labels!, inFile.Labels!);
        Assert.Equal(inMemory.Notes, inFile.Notes);
        Assert.Equal((inMemory.Sha256, inMemory.PlaceOf(599)), (inFile.Sha256, inFile.PlaceOf(599)));
        Assert.Equal(3, inFile.Labels!.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Several_files_are_one_their_columns_in_any_order()
    {
        string first = _files.Write("text,label\na,1\n", "1.csv"), second = _files.Write("label;other;text\n2;x;b\n", "2.csv");
        LabelledTexts texts = LabelledTexts.Read([first, second], "text", "label");
        Assert.Equal(["a", "b"], texts.Texts);
        Assert.Equal(["1", "2"], texts.Labels!);
        Assert.Equal([first, second], texts.Files);
        Assert.Equal(second + ", row 2", texts.PlaceOf(1));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)])), texts.Sha256);
    }

    [Fact]
    public void The_only_column_of_a_file_without_names_is_that_of_the_texts()
    {
        string path = _files.Write("A good film\nA bad one\n");
        Assert.Equal(["A good film", "A bad one"], LabelledTexts.Read(path, "review", options: new CsvOptions { HasHeader = false }).Texts);
        Fails(path, "if its first line is a text, say so (--no-header", "review", null);
        Fails(path, "there is no column 'review'", "review");
    }

    [Fact]
    public void One_column_with_commas_semicolons_and_no_quotes() =>
        Assert.Equal(["good, very good", "bad; very bad"], LabelledTexts.Read(_files.Write("text\ngood, very good\nbad; very bad\n"), "text").Texts);

    [Fact]
    public void Columns_without_names() =>
        Assert.Equal(["good"], LabelledTexts.Read(_files.Write("1\tgood\n"), "column2", "column1", new CsvOptions { HasHeader = false, Delimiter = '\t' }).Texts);

    [Fact]
    public void Ten_megabytes_in_a_cell()
    {
        string text = string.Concat(Enumerable.Repeat("word, \"x\" 中\n", 750_000));
        Assert.Equal(text, LabelledTexts.Read(_files.Write($"text,label\n\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",1\n"), "text", "label").Texts[0]);
    }

    [Fact]
    public void Control_characters_right_to_left_letters_and_emoji_are_kept()
    {
        const string text = "a\u0001\u200F שלום 👨‍👩‍👧 e\u0301";
        Assert.Equal([text], LabelledTexts.Read(_files.Write($"text,label\n{text},1\n"), "text").Texts);
    }

    [Fact]
    public void A_few_damaged_bytes_are_marked_and_counted()
    {
        byte[] file = [.. Encoding.UTF8.GetBytes("text,label\n" + string.Concat(Enumerable.Repeat("schön,1\n", 50))), 0xFF, (byte)'x', .. ",2\n"u8];
        LabelledTexts texts = LabelledTexts.Read(_files.WriteBytes(file), "text", "label");
        Assert.Equal("schön", texts.Texts[0]);
        Assert.Equal("\uFFFDx", texts.Texts[50]);
        Assert.Contains("The file is UTF-8 with 1 damaged place, read as \uFFFD.", texts.Notes);
        Assert.Contains("1 text with \uFFFD for characters that cannot be read.", texts.Notes);
    }

    [Fact]
    public void What_is_wrong_is_named_with_its_place()
    {
        Assert.Equal(3, Fails(_files.Write("text,label\na,1\nb,\n"), "row 3, column 'label': there is no label. Fill it in, or delete the row.").Row);
        Fails(_files.Write("texts,label\na,1\n"), "there is no column 'text'. Did you mean 'texts'? The columns are: texts, label.");
        Assert.Equal(3, Fails(_files.Write("text,label\na,1\nb\n"), "row 3: 1 cells where the header has 2").Row);
        Assert.Equal(2, Fails(_files.Write("text,label\na,1,c\n"), "row 2: 3 cells where the header has 2").Row);
        Fails(_files.Write("text,label\n"), "has a header and no rows: text, label.");
        Fails(_files.Write(""), "is empty");
        Fails(_files.Write("text,label\n\"a,1\nb,2\n"), "row 2: a quote (\") is opened and not closed");
        Fails(_files.WriteBytes([.. "text,label\n"u8, 0, 1, 2]), "is no text file");
        Fails(Path.Combine(_files.Path, "none.csv"), "there is no such file");
        Assert.Throws<ArgumentException>(() => LabelledTexts.Read([], "text"));
        Assert.Throws<ArgumentException>(() => new LabelledTexts(["a"], ["1", "2"]));
    }

    [Fact]
    public void Files_are_walked_as_often_as_asked_for()
    {
        LabelledTextFiles files = LabelledTextFiles.Open([_files.Write("text,label\na,1\nb,2\n")], "text", "label");
        Assert.Equal(["a", "b"], files.Texts);
        Assert.Equal(["a", "b"], files.Texts);
        Assert.Equal(["1", "2"], files.Rows().Select(row => row.Label!));
    }

    [Theory]
    [InlineData("imdb/train.tsv.gz")]
    [InlineData("imdb/test.tsv.gz")]
    public void Film_reviews_are_read_to_the_letter(string file)
    {
        string path = SharedData.Require(file);
        LabelledTexts texts = LabelledTexts.Read(path, "review", "label");
        Assert.Equal(25_000, texts.Count);
        Assert.Equal([12_500, 12_500], texts.Labels!.CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        using StreamReader plain = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        plain.ReadLine();
        Assert.All(texts.Texts, text => Assert.Equal(plain.ReadLine()!.Split('\t')[3], text));
        Assert.Null(plain.ReadLine());
    }
}
