namespace Engram.Data.Tests.Tables;

public sealed class RowPlacesTests
{
    [Fact]
    public void Every_row_is_traced_to_its_line()
    {
        (string File, long Line)[] lines = [("a", 2), ("a", 3), ("a", 5), ("a", 6), ("b", 7), ("b", 8), ("b", 2)];
        RowPlaces places = new();
        for (int row = 0; row < lines.Length; row++)
        {
            places.Add(row, lines[row].File, lines[row].Line);
        }
        for (int row = 0; row < lines.Length; row++)
        {
            Assert.Equal(lines[row], places.Of(row));
        }
    }

    [Fact]
    public void Rows_made_in_memory_are_counted_from_1() => Assert.Equal((null, 3L), new RowPlaces().Of(2));
}
