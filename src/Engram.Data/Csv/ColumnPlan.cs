namespace Engram.Data;

/// <summary>What a column of a table was decided to hold, from all of its cells in all files.</summary>
internal enum ColumnKind
{
    Number,
    Time,
    Text,
}

/// <summary>How one column is read: its kind, and for each file where it is and how its numbers and dates are written.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Places">For each file the index of the column in it.</param>
/// <param name="DecimalMarks">For each file the decimal mark.</param>
/// <param name="DateOrders">For each file the order of day, month and year.</param>
internal sealed record ColumnPlan(string Name, ColumnKind Kind, int[] Places, char[] DecimalMarks, DateOrder[] DateOrders);
