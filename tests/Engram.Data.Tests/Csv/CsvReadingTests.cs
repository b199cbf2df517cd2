namespace Engram.Data.Tests.Csv;

/// <summary>What is kept of how files were read, and how it serves a file that leaves something open.</summary>
public sealed class CsvReadingTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_file_that_tells_nothing_is_read_like_the_one_before()
    {
        Table before = Read("day;sum\n13/01/2024;1.234.567\n14/01/2024;2.345.678\n");
        Assert.Equal((',', DateOrder.DayMonthYear), (before.Reading!.DecimalMark, before.Reading.DateOrder));

        const string Open = "day;sum\n01/02/2024;806.500\n02/02/2024;864.114\n";
        Table after = Read(Open, new() { Like = before.Reading });

        Assert.Equal([806_500, 864_114], after.Numbers("sum"));
        Assert.Equal(new DateTime(2024, 2, 2), after.Times("day")[1]);
        Assert.Contains(after.Notes, note => note.Contains("as in the data before", StringComparison.Ordinal));
        Assert.Equal([806.5, 864.114], Read(Open).Numbers("sum"));
        Assert.Equal(new DateTime(2024, 2, 2), Read(Open).Times("day")[1]);
        Assert.Equal(new DateTime(2024, 1, 2), Read(Open).Times("day")[0]);
    }

    [Fact]
    public void What_a_file_shows_and_what_the_user_says_go_before()
    {
        CsvReading like = new() { DecimalMark = ',', DateOrder = DateOrder.DayMonthYear, MissingValues = ["-999"] };

        Table shown = Read("day;sum\n01/13/2024;1.5\n01/14/2024;-999\n", new() { Like = like });
        Assert.Equal([1.5, double.NaN], shown.Numbers("sum"));
        Assert.Equal(new DateTime(2024, 1, 13), shown.Times("day")[0]);

        Table said = Read("day;sum\n01/02/2024;1.234\n02/02/2024;-999\n", new() { Like = like, DecimalMark = '.', DateOrder = DateOrder.MonthDayYear, MissingValues = ["none"] });
        Assert.Equal([1.234, -999], said.Numbers("sum"));
        Assert.Equal(new DateTime(2024, 1, 2), said.Times("day")[0]);
    }

    [Fact]
    public void Points_between_commas_stay_fractions_and_an_assumption_is_told()
    {
        CsvReading like = new() { DecimalMark = ',' };
        Assert.Equal([1.234, 2.345], Read("a,b\n1.234,x\n2.345,y\n", new() { Like = like }).Numbers("a"));

        Table thousands = Read("a;b\n1.234;x\n2.345;y\n", new() { Like = like });
        Assert.Equal([1234, 2345], thousands.Numbers("a"));
        Assert.Contains(thousands.Notes, note => note.Contains("taken as in the data before", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_file_does_not_show_is_handed_on()
    {
        CsvReading like = new() { DecimalMark = ',', DateOrder = DateOrder.DayMonthYear, MissingValues = ["none"] };
        CsvReading next = Read("a;b\n1;x\n2;y\n", new() { Like = like }).Reading!;
        Assert.Equal((',', DateOrder.DayMonthYear, "none"), (next.DecimalMark, next.DateOrder, next.MissingValues!.Single()));
    }

    [Fact]
    public void Files_without_a_header_stay_so()
    {
        Table before = Read("a;b\nc;d\n", new() { HasHeader = false });
        Assert.False(before.Reading!.HasHeader);

        Assert.Equal(["column1", "column2"], Read("x;y\n1;2\n", new() { Like = before.Reading }).Columns.Select(column => column.Name));
        Assert.Equal([1.0], Read("column1;column2\n1;2\n", new() { Like = before.Reading }).Numbers("column1"));
        Assert.Null(Read("x;y\n1;2\n").Reading!.HasHeader);
    }

    [Fact]
    public void Columns_that_differ_and_numbers_without_a_mark_tell_nothing_of_the_next_file()
    {
        Assert.Equal(new CsvReading(), Read("a;b;c\n1,5;2.5;3\n2,5;3.5;4\n").Reading);
        Assert.Equal(new CsvReading(), Read("day;a\n2024-01-01;3\n2024-01-02;4\n").Reading);
        Assert.Null(new Table(new NumberColumn("a", [1, 2])).Reading);
    }

    private Table Read(string text, CsvOptions? options = null) => Table.ReadCsv(_files.Write(text), options);
}
