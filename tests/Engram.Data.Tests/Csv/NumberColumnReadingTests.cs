namespace Engram.Data.Tests.Csv;

/// <summary>What is decided from all the numbers of a column.</summary>
public sealed class NumberColumnReadingTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    private Table Read(string text, CsvOptions? options = null) => Table.ReadCsv(_files.Write(text), options);

    [Fact]
    public void One_clear_number_decides_how_the_doubtful_ones_are_taken()
    {
        Assert.Equal([1234, 1.5], Read("a;b\n1.234;x\n1,5;y\n").Numbers("a"));
        Assert.Equal([1.234, 1.5], Read("a;b\n1.234;x\n1.5;y\n").Numbers("a"));
        Assert.Equal([1234, 1234.5], Read("a;b\n1,234;x\n1234.5;y\n").Numbers("a"));
    }

    [Fact]
    public void A_doubtful_column_follows_the_other_columns_of_its_file()
    {
        Table table = Read("a;b\n1,234;1,5\n2,345;2,5\n");
        Assert.Equal([1.234, 2.345], table.Numbers("a"));
    }

    [Fact]
    public void Where_nothing_tells_the_assumption_is_noted()
    {
        Table semicolons = Read("a;b\n1,234;x\n2,345;y\n");
        Assert.Equal([1.234, 2.345], semicolons.Numbers("a"));
        Assert.Contains(semicolons.Notes, note => note.Contains("--decimal", StringComparison.Ordinal));
        Table quoted = Read("a,b\n\"1,234\",x\n\"2,345\",y\n");
        Assert.Equal([1234, 2345], quoted.Numbers("a"));
        Assert.Contains(quoted.Notes, note => note.Contains("--decimal", StringComparison.Ordinal));
        Table points = Read("a,b\n1.234,x\n2.345,y\n");
        Assert.Equal([1.234, 2.345], points.Numbers("a"));
        Assert.Empty(points.Notes);
    }

    [Fact]
    public void A_named_decimal_mark_is_taken() =>
        Assert.Equal([1234, 2345], Read("a;b\n1,234;x\n2,345;y\n", new() { DecimalMark = '.' }).Numbers("a"));

    [Fact]
    public void Percent_signs_are_left_out_and_noted()
    {
        Table table = Read("a,b\n12.5%,1\n3%,2\n");
        Assert.Equal([12.5, 3], table.Numbers("a"));
        Assert.Contains("Numbers of 'a' have percent signs: 12.5% is taken as 12.5.", table.Notes);
    }

    [Fact]
    public void Magnitudes_and_currencies_are_noted()
    {
        Table table = Read("日期,成交额,价\n2024-01-02,1.23亿,¥5\n2024-01-03,9876万,¥6\n");
        Assert.Equal([123_000_000, 98_760_000], table.Numbers("成交额"));
        Assert.Contains(table.Notes, note => note.StartsWith("K, M, B, 万 and 亿 behind numbers of '成交额'", StringComparison.Ordinal));
        Assert.Contains("Currency signs of '价' are left out.", table.Notes);
    }

    [Fact]
    public void Missing_values_are_NaN_and_counted()
    {
        Table table = Read("a,b\n1,1\nNA,2\n,3\nn/a,4\nNaN,5\nnull,6\n-,7\n8,8\n");
        Assert.Equal([1, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 8], table.Numbers("a"));
        Assert.Equal(6, table["a"].MissingCount);
        Assert.Contains("6 cells of 'a' without a value.", table.Notes);
    }

    [Fact]
    public void What_means_missing_may_be_named()
    {
        Table table = Read("a,b\n1,NA\n-999,x\n,y\n", new() { MissingValues = ["-999"] });
        Assert.Equal([1, double.NaN, double.NaN], table.Numbers("a"));
        Assert.Equal(["NA", "x", "y"], table.Texts("b"));
    }

    [Fact]
    public void A_word_among_numbers_is_told_only_when_the_numbers_are_asked_for()
    {
        string path = _files.Write("a,b\n1,1\n2,2\noops,3\n4,4\nno,5\n");
        Table table = Table.ReadCsv(path);
        Assert.Equal([1, 2, 3, 4, 5], table.Numbers("b"));
        DataException exception = Assert.Throws<DataException>(() => table.Numbers("A"));
        Assert.Equal((path, 4L, "a"), (exception.File, exception.Row, exception.Column));
        Assert.Contains("row 4, column 'a': 'oops' is not a number (2 such cells)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--missing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Infinities_are_faulty_cells()
    {
        Table table = Read("a,b,c\n1,1e999,1\n2,2,2\nInfinity,-inf,3\n4,4,4\n5,5,5\n");
        Assert.Equal(4, Assert.Throws<DataException>(() => table.Numbers("a")).Row);
        DataException exception = Assert.Throws<DataException>(() => table.Numbers("b"));
        Assert.Equal(2, exception.Row);
        Assert.Contains("'1e999'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("2 such cells", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_asked_for_as_numbers_name_the_first_of_them()
    {
        DataException exception = Assert.Throws<DataException>(() => Read("w,n\n,0\nnorth,1\nsouth,2\n").Numbers("w"));
        Assert.Equal(3, exception.Row);
        Assert.Contains("'north' is not a number (2 such cells)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_asked_for_as_numbers_are_refused() =>
        Assert.Contains("holds times", Assert.Throws<DataException>(() => Read("t,n\n2024-01-02,1\n2024-01-03,2\n").Numbers("t")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_cell_in_a_quoted_second_line_is_counted_by_lines_of_the_file() =>
        Assert.Equal(5, Assert.Throws<DataException>(() => Read("w,n\n\"a\nb\",1\nc,2\nd,x\ne,5\n").Numbers("n")).Row);
}
