namespace Engram.Data.Tests.Time;

/// <summary>What is decided from all the times of a column, and which columns are taken for the time.</summary>
public sealed class TimeColumnReadingTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    private Table Read(string text, CsvOptions? options = null) => Table.ReadCsv(_files.Write(text), options);

    [Theory]
    [InlineData("1/3/2012", "12/30/2016", "2012-01-03", "Dates of 'd' are month, day, year.")]
    [InlineData("1/3/2012", "30/12/2016", "2012-03-01", "Dates of 'd' are day, month, year.")]
    [InlineData("1/3/2012", "2/3/2012", "2012-01-03", "Dates of 'd' are taken as month, day, year; nothing in the column tells: name the order (--date-order) if that is wrong.")]
    [InlineData("1.3.2012", "2.3.2012", "2012-03-01", "Dates of 'd' are taken as day, month, year; nothing in the column tells: name the order (--date-order) if that is wrong.")]
    [InlineData("12-01-03", "12-01-04", "2012-01-03", "Dates of 'd' are taken as year, month, day; nothing in the column tells: name the order (--date-order) if that is wrong.")]
    public void The_whole_column_decides_the_order_of_dates(string first, string second, string expected, string note)
    {
        Table table = Read($"d,v\n{first},1\n{second},2\n");
        Assert.Equal(DateTime.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), table.Times("d")[0]);
        Assert.Contains(note, table.Notes);
    }

    [Fact]
    public void A_named_order_is_taken()
    {
        Table table = Read("d,v\n1/3/2012,1\n2/3/2012,2\n", new() { DateOrder = DateOrder.DayMonthYear });
        Assert.Equal(new DateTime(2012, 3, 2), table.Times("d")[1]);
        Assert.Empty(table.Notes);
    }

    [Fact]
    public void A_cell_that_is_no_time_is_told()
    {
        Table table = Read("d,v\n2024-01-01,1\n2024-01-02,2\nyesterday,3\n2024-02-30,4\n2024-01-05,5\n");
        DataException exception = Assert.Throws<DataException>(() => table.Times("d"));
        Assert.Equal(4, exception.Row);
        Assert.Contains("'yesterday' is not a time (2 such cells)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_with_a_zone_are_converted_to_UTC_and_noted()
    {
        Table table = Read("t,v\n2024-01-02T08:00:00+08:00,1\n2024-01-02T09:00:00+08:00,2\n");
        Assert.Equal(new DateTime(2024, 1, 2), table.Times("t")[0]);
        Assert.Equal(DateTimeKind.Unspecified, table.Times("t")[0].Kind);
        Assert.Contains("Times of 't' name their zone and were converted to UTC.", table.Notes);
    }

    [Fact]
    public void The_first_column_of_times_is_the_time()
    {
        TimeIndex index = TimeIndex.Find(Read("n,t,u\n1,2024-01-02,2020-01-01\n2,2024-01-03,2020-01-02\n"))!;
        Assert.Equal(["t"], index.Columns);
        Assert.Equal(new DateTime(2024, 1, 3), index.Values.Span[1]);
        Assert.Equal(["The time is taken from column 't'."], index.Notes);
    }

    [Fact]
    public void Numbers_that_are_all_dates_are_the_time()
    {
        TimeIndex index = TimeIndex.Find(Read("v,d\n1,20240102\n2,20240131\n"))!;
        Assert.Equal(["d"], index.Columns);
        Assert.Equal(new DateTime(2024, 1, 31), index.Values.Span[1]);
    }

    [Fact]
    public void A_column_of_years_is_the_time_if_it_is_called_so()
    {
        Assert.Equal(new DateTime(1950, 1, 1), TimeIndex.Find(Read("Year,v\n1949,1\n1950,2\n"))!.Values.Span[1]);
        Assert.Null(TimeIndex.Find(Read("x,v\n1949,1\n1950,2\n")));
    }

    [Theory]
    [InlineData("year,month,day,hour", 4)]
    [InlineData("Year,Month,Day,Hour", 4)]
    [InlineData("年,月,日,时", 4)]
    [InlineData("hour,day,month,year", 4)]
    public void Several_columns_are_found_by_their_names(string header, int count)
    {
        bool reversed = header.StartsWith("hour", StringComparison.Ordinal);
        TimeIndex index = TimeIndex.Find(Read($"v,{header}\n5,{(reversed ? "13,2,1,2024" : "2024,1,2,13")}\n6,{(reversed ? "14,2,1,2024" : "2024,1,2,14")}\n"))!;
        Assert.Equal(count, index.Columns.Count);
        Assert.Equal(new DateTime(2024, 1, 2, 14, 0, 0), index.Values.Span[1]);
    }

    [Fact]
    public void Year_and_month_alone_are_the_first_of_the_month() =>
        Assert.Equal(new DateTime(2024, 2, 1), TimeIndex.Find(Read("year,month,v\n2024,1,5\n2024,2,6\n"))!.Values.Span[1]);

    [Fact]
    public void Columns_with_other_names_are_taken_in_their_order() =>
        Assert.Equal(new DateTime(2024, 2, 3), TimeIndex.Find(Read("a,b,c,v\n2024,2,3,5\n2024,2,4,6\n"), ["a", "b", "c"])!.Values.Span[0]);

    [Fact]
    public void A_date_and_its_time_of_day_or_hour_make_a_time()
    {
        Table clock = Read("date,time,v\n2024-01-02,09:30,1\n2024-01-02,3:45 PM,2\n");
        Assert.Equal(new DateTime(2024, 1, 2, 15, 45, 0), TimeIndex.Find(clock, ["date", "time"])!.Values.Span[1]);
        Table hour = Read("date,hour,v\n20240102,9,1\n20240102,24,2\n");
        Assert.Equal(new DateTime(2024, 1, 3), TimeIndex.Find(hour, ["date", "hour"])!.Values.Span[1]);
    }

    [Fact]
    public void Seconds_since_1970_are_times_only_when_named()
    {
        Table table = Read("stamp,ms,v\n1704153600,1704153600000,1\n1704157200,1704157200000,2\n");
        Assert.Null(TimeIndex.Find(table));
        Assert.Equal(new DateTime(2024, 1, 2, 1, 0, 0), TimeIndex.Find(table, ["stamp"])!.Values.Span[1]);
        Assert.Equal(new DateTime(2024, 1, 2, 1, 0, 0), TimeIndex.Find(table, ["ms"])!.Values.Span[1]);
        Assert.Contains("seconds since 1970", TimeIndex.Find(table, ["stamp"])!.Notes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stamp\n1704153600\n-79999999999\n", "-79999999999")]
    [InlineData("stamp\n1704153600000\n-79999999999999\n", "-79999999999999")]
    public void Seconds_and_milliseconds_before_the_year_1_are_refused_with_their_row(string csv, string cell)
    {
        DataException e = Assert.Throws<DataException>(() => TimeIndex.Find(Read(csv), ["stamp"]));

        Assert.Equal(3, e.Row);
        Assert.Contains(cell, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_time_is_found_where_none_is_or_none_is_wanted()
    {
        Assert.Null(TimeIndex.Find(Read("a,b\n1,x\n2,y\n")));
        Assert.Null(TimeIndex.Find(Read("t,b\n2024-01-01,1\n2024-01-02,2\n"), []));
    }

    [Fact]
    public void A_column_of_times_with_a_faulty_cell_is_not_passed_over()
    {
        Table table = Read("t,v\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\nSource: us,\n");
        Assert.Equal(5, Assert.Throws<DataException>(() => TimeIndex.Find(table)).Row);
        Table second = Read("t,u\n2024-01-01,2024-02-01\n2024-01-02,2024-02-02\nx,2024-02-03\n");
        Assert.Equal(["u"], TimeIndex.Find(second)!.Columns);
    }

    [Fact]
    public void Parts_that_make_no_time_are_told_with_their_row()
    {
        DataException exception = Assert.Throws<DataException>(() => TimeIndex.Find(Read("year,month,day,v\n\n2024,1,2,5\n2024,2,30,6\n")));
        Assert.EndsWith("row 4: year 2024, month 2, day 30 is no time. Correct it, or name other time columns.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(4, exception.Row);
    }

    [Fact]
    public void Columns_that_cannot_be_a_time_are_refused()
    {
        Table table = Read("w,n,t\nx,1,2024-01-01\ny,2.5,2024-01-02\n");
        Assert.Throws<DataException>(() => TimeIndex.Find(table, ["w"]));
        Assert.Throws<DataException>(() => TimeIndex.Find(table, ["n"]));
        Assert.Throws<DataException>(() => TimeIndex.Find(table, ["w", "n"]));
        Assert.Contains("Did you mean 't'?", Assert.Throws<DataException>(() => TimeIndex.Find(table, ["tt"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_made_in_memory_may_be_times() =>
        Assert.Equal([new DateTime(2024, 1, 13), DateTime.MinValue], new Table(new TextColumn("d", ["13/1/2024", null])).Times("d"));
}
