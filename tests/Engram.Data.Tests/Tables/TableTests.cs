namespace Engram.Data.Tests.Tables;

public sealed class TableTests
{
    private static readonly Table _table = new(
        new NumberColumn("Close", [1.5, double.NaN, 3]),
        new TextColumn("Wind", ["NW", null, "NW"]),
        new TimeColumn("Day", [new(2024, 1, 2), DateTime.MinValue, new(2024, 1, 3, 4, 5, 6)]));

    [Fact]
    public void Columns_are_found_whatever_their_case()
    {
        Assert.Same(_table.Columns[0], _table["close"]);
        Assert.Same(_table.Columns[1], _table[" WIND "]);
        Assert.False(_table.TryGetColumn("rain", out _));
    }

    [Fact]
    public void A_table_in_memory_has_rows_and_no_files()
    {
        Assert.Equal(3, _table.RowCount);
        Assert.Empty(_table.Files);
        Assert.Empty(_table.Notes);
        Assert.All(_table.Columns, column => Assert.Equal(1, column.MissingCount));
    }

    [Fact]
    public void Every_column_can_be_read_as_text()
    {
        Assert.Equal(["1.5", null, "3"], _table.Texts("Close"));
        Assert.Equal(["NW", null, "NW"], _table.Texts("Wind"));
        Assert.Equal(["2024-01-02 00:00:00", null, "2024-01-03 04:05:06"], _table.Texts("Day"));
    }

    [Fact]
    public void Words_are_held_once()
    {
        TextColumn wind = Assert.IsType<TextColumn>(_table["Wind"]);
        Assert.Equal(["NW"], wind.Levels);
        Assert.Equal([0, -1, 0], wind.Codes.ToArray());
    }

    [Fact]
    public void Numbers_are_copies()
    {
        _table.Numbers("Close")[0] = 99;
        Assert.Equal(1.5, _table.Numbers("Close")[0]);
    }

    [Fact]
    public void The_hash_tells_tables_apart()
    {
        Assert.Equal(64, _table.Sha256.Length);
        Assert.Equal(new Table(new NumberColumn("a", [1, 2])).Sha256, new Table(new NumberColumn("a", [1, 2])).Sha256);
        Assert.NotEqual(new Table(new NumberColumn("a", [1, 2])).Sha256, new Table(new NumberColumn("a", [1, 3])).Sha256);
        Assert.NotEqual(new Table(new NumberColumn("a", [1, 2])).Sha256, new Table(new NumberColumn("b", [1, 2])).Sha256);
    }

    [Fact]
    public void Infinities_and_words_in_memory_are_told_by_row()
    {
        Table table = new(new NumberColumn("x", [1, double.PositiveInfinity, double.NegativeInfinity]), new TextColumn("w", [null, "a", "b"]));
        DataException infinite = Assert.Throws<DataException>(() => table.Numbers("x"));
        Assert.Equal((2L, "x"), (infinite.Row, infinite.Column));
        Assert.Contains("(2 such cells)", infinite.Message, StringComparison.Ordinal);
        Assert.StartsWith("row 2, column 'w': 'a' is not a number", Assert.Throws<DataException>(() => table.Numbers("w")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_do_not_fit_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Table());
        Assert.Throws<ArgumentException>(() => new Table(new NumberColumn("a", [1]), new NumberColumn("b", [1, 2])));
        Assert.Throws<ArgumentException>(() => new Table(new NumberColumn("a", [1]), new NumberColumn("A", [1])));
        Assert.Throws<ArgumentException>(() => new NumberColumn(" ", [1]));
    }

    [Theory]
    [InlineData("close", "close", 0)]
    [InlineData("clsoe", "close", 1)]
    [InlineData("clos", "close", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    public void The_edit_distance_counts_letters_changed_added_left_out_and_swapped(string a, string b, int distance)
    {
        Assert.Equal(distance, NameSuggestion.Distance(a, b));
        Assert.Equal(distance, NameSuggestion.Distance(b, a));
    }
}
