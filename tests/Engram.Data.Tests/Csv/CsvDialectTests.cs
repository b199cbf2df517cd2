using System.Text;

namespace Engram.Data.Tests.Csv;

public sealed class CsvDialectTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    private Table Read(string text, CsvOptions? options = null, Encoding? encoding = null) => Table.ReadCsv(_files.Write(text, encoding: encoding), options);

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    public void The_delimiter_is_found(char delimiter)
    {
        Table table = Read("day,close,note\n2024-01-02,1.5,a\n2024-01-03,2.5,b\n".Replace(',', delimiter));
        Assert.Equal(["day", "close", "note"], table.Columns.Select(column => column.Name));
        Assert.Equal([1.5, 2.5], table.Numbers("close"));
        Assert.Equal(["a", "b"], table.Texts("note"));
    }

    [Fact]
    public void Semicolons_with_decimal_commas_are_found()
    {
        Table table = Read("Tag;Preis;Menge\n02.01.2024;1.234,5;10\n13.01.2024;0,75;20\n");
        Assert.Equal([1234.5, 0.75], table.Numbers("preis"));
        Assert.Equal(new DateTime(2024, 1, 13), table.Times("tag")[1]);
        Assert.Contains("Cells are separated by semicolons.", table.Notes);
        Assert.Contains("The comma is the decimal mark in 'Preis'.", table.Notes);
    }

    [Fact]
    public void Decimal_commas_without_a_header_do_not_look_like_delimiters()
    {
        Table table = Read("1,5;2,5\n3,5;4,5\n");
        Assert.Equal([1.5, 3.5], table.Numbers("column1"));
        Assert.Equal([2.5, 4.5], table.Numbers("column2"));
    }

    [Fact]
    public void One_column_of_decimal_commas_is_one_column() => Assert.Equal([1.5, 2.25], Read("value\n1,5\n2,25\n").Numbers("value"));

    [Fact]
    public void A_named_delimiter_is_taken() => Assert.Equal([1, 3], Read("a~b\n1~2\n3~4\n", new() { Delimiter = '~' }).Numbers("a"));

    [Fact]
    public void The_hint_of_Excel_names_the_delimiter_and_rows_are_still_counted_from_the_first_line()
    {
        string path = _files.Write("sep=;\na;b\n1;2\n3;x\n5;6\n");
        Table table = Table.ReadCsv(path);
        Assert.Equal([1, 3, 5], table.Numbers("a"));
        Assert.Equal(4, Assert.Throws<DataException>(() => table.Numbers("b")).Row);
    }

    [Fact]
    public void Quotes_hold_delimiters_quotes_and_line_ends()
    {
        Table table = Read("text,n\n\"a, b\",1\n\"say \"\"hi\"\"\",2\n\"two\nlines\",3\n 5\" pipe ,4\n");
        Assert.Equal(["a, b", "say \"hi\"", "two\nlines", "5\" pipe"], table.Texts("text"));
        Assert.Equal([1, 2, 3, 4], table.Numbers("n"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Every_kind_of_line_end_is_read(string end) => Assert.Equal([1, 2], Read($"a,b{end}1,x{end}2,y{end}").Numbers("a"));

    [Fact]
    public void Blank_lines_and_rows_of_empty_cells_are_left_out()
    {
        Table table = Read("a,b\n\n1,2\n,\n\n3,4\n,\n");
        Assert.Equal([1, 3], table.Numbers("a"));
        Assert.Contains("2 rows of empty cells left out.", table.Notes);
    }

    [Fact]
    public void Empty_columns_without_a_name_are_left_out_and_trailing_delimiters_allowed()
    {
        Table table = Read("a,b,,\n1,2,,\n3,4\n5,6,\n");
        Assert.Equal(["a", "b"], table.Columns.Select(column => column.Name));
        Assert.Equal([1, 3, 5], table.Numbers("a"));
        Assert.Contains("2 columns without a name and without values left out.", table.Notes);
    }

    [Fact]
    public void A_column_with_values_and_no_name_is_numbered() => Assert.Equal([1, 2], Read(",a\n1,x\n2,y\n").Numbers("column1"));

    [Fact]
    public void The_second_of_two_equal_names_gets_a_number()
    {
        Table table = Read("a,A\n1,2\n3,4\n");
        Assert.Equal([2, 4], table.Numbers("A_2"));
        Assert.Contains(table.Notes, note => note.Contains("'A_2'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_without_names_is_noticed()
    {
        Table table = Read("2024-01-02,1.5,x\n2024-01-03,2.5,y\n");
        Assert.Equal(2, table.RowCount);
        Assert.Equal(["column1", "column2", "column3"], table.Columns.Select(column => column.Name));
        Assert.Contains(table.Notes, note => note.StartsWith("The first line holds values", StringComparison.Ordinal));
    }

    [Fact]
    public void A_header_may_be_denied_or_insisted_on()
    {
        Assert.Equal(["a", "b", "c"], Read("a\nb\nc\n", new() { HasHeader = false }).Texts("column1"));
        Assert.Equal([3], Read("1,2\n3,4\n", new() { HasHeader = true }).Numbers("1"));
    }

    [Fact]
    public void Years_may_be_column_names_beside_a_clear_one() =>
        Assert.Equal([5, 8], Read("day,2023,2024\n2024-01-02,5,6\n2024-01-03,8,9\n").Numbers("2023"));

    [Fact]
    public void Words_above_words_are_names() => Assert.Equal(["x", "y"], Read("label,text\nx,one\ny,two\n").Texts("label"));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("gb18030")]
    [InlineData("gbk")]
    public void Chinese_files_are_read_in_every_encoding(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Table table = Read("日期,收盘价,风向\n2024年1月2日,１２．５,东北\n2024年1月3日,13.5,西南\n", encoding: Encoding.GetEncoding(name));
        Assert.Equal(new DateTime(2024, 1, 3), table.Times("日期")[1]);
        Assert.Equal([12.5, 13.5], table.Numbers("收盘价"));
        Assert.Equal(["东北", "西南"], table.Texts("风向"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UTF_16_without_a_mark_is_told_by_its_zeros(bool bigEndian)
    {
        string path = _files.WriteBytes(new UnicodeEncoding(bigEndian, byteOrderMark: false).GetBytes("day,close\n2024-01-02,1.5\n2024-01-03,2\n"));
        Table table = Table.ReadCsv(path);
        Assert.Equal([1.5, 2], table.Numbers("close"));
        Assert.Contains(table.Notes, note => note.Contains("UTF-16", StringComparison.Ordinal));
    }

    [Fact]
    public void Western_letters_are_not_taken_for_Chinese()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Table table = Read("température;été\n1,5;à côté\n2,5;café\n", encoding: Encoding.GetEncoding("windows-1252"));
        Assert.Equal([1.5, 2.5], table.Numbers("température"));
        Assert.Equal(["à côté", "café"], table.Texts("été"));
    }

    [Fact]
    public void A_named_encoding_is_taken_and_an_unknown_one_refused()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        string path = _files.Write("名,n\n東京,1\n", encoding: Encoding.GetEncoding("big5"));
        Assert.Equal(["東京"], Table.ReadCsv(path, new() { Encoding = "big5" }).Texts("名"));
        Assert.Contains("'klingon' is no known encoding", Assert.Throws<ArgumentException>(() => Table.ReadCsv(path, new() { Encoding = "klingon" })).Message, StringComparison.Ordinal);
        Assert.Contains("not valid UTF-8", Assert.Throws<DataException>(() => Table.ReadCsv(path, new() { Encoding = "utf-8" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_letter_across_two_blocks_of_the_file_is_still_UTF_8()
    {
        // 65,536 bytes are looked at at a time: every alignment of a three-byte letter to that border.
        for (int shift = 0; shift < 3; shift++)
        {
            string text = "a,b\n" + new string('x', shift) + new string('中', 50_000) + ",1\n";
            Table table = Read(text);
            Assert.Equal(shift + 50_000, table.Texts("a")[0]!.Length);
            Assert.DoesNotContain(table.Notes, note => note.Contains("UTF-8", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Streams_and_texts_are_read_as_files_are()
    {
        const string Text = "a,b\n1,x\n2,y\n";
        Table file = Read(Text);
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(Text));
        Table fromStream = Table.ReadCsv(stream);
        using StringReader reader = new(Text);
        Table fromText = Table.ReadCsv(reader);
        foreach (Table table in new[] { fromStream, fromText })
        {
            Assert.Equal([1, 2], table.Numbers("a"));
            Assert.Equal(file.Sha256, table.Sha256);
            Assert.Equal(["standard input"], table.Files);
        }
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void The_hash_is_that_of_the_bytes_of_all_files()
    {
        string first = _files.Write("a,b\n1,2\n", "1.csv");
        string second = _files.Write("a,b\n3,4\n", "2.csv");
        string expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)]));
        Table table = Table.ReadCsv([first, second]);
        Assert.Equal(expected, table.Sha256);
        Assert.Equal([first, second], table.Files);
    }

    [Fact]
    public void Files_of_different_dialects_and_column_orders_make_one_table()
    {
        string english = _files.Write("date,close\n2024-01-02,1234.5\n", "en.csv");
        string german = _files.Write("CLOSE;date\n1.235,5;03.01.2024\n1.236,5;13.01.2024\n", "de.csv");
        Table table = Table.ReadCsv([english, german]);
        Assert.Equal([1234.5, 1235.5, 1236.5], table.Numbers("close"));
        Assert.Equal(new DateTime(2024, 1, 3), table.Times("date")[1]);
    }

    [Fact]
    public void A_date_order_that_one_file_leaves_open_is_taken_from_another()
    {
        string clear = _files.Write("d,v\n13/1/2012,1\n14/1/2012,2\n", "1.csv");
        string open = _files.Write("d,v\n1/2/2012,3\n2/2/2012,4\n", "2.csv");
        Assert.Equal(new DateTime(2012, 2, 1), Table.ReadCsv([clear, open]).Times("d")[2]);
    }
}
