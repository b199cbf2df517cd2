namespace Engram.Data;

/// <summary>
/// A column of time stamps without a zone (<see cref="DateTimeKind.Unspecified"/>). Missing cells are
/// <see cref="DateTime.MinValue"/>.
/// </summary>
public sealed class TimeColumn : Column
{
    /// <summary>Makes a column over the given times, which are not copied.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">One time a row, <see cref="DateTime.MinValue"/> where it is missing.</param>
    public TimeColumn(string name, DateTime[] values)
        : this(name, values, null)
    {
    }

    internal TimeColumn(string name, DateTime[] values, CellFaults? faults)
        : base(name, NotNull(values).Length)
    {
        Values = values;
        Faults = faults;
    }

    /// <summary>The times, one a row; <see cref="DateTime.MinValue"/> where the cell is missing or is not a time.</summary>
    public ReadOnlyMemory<DateTime> Values { get; }

    /// <inheritdoc/>
    public override int MissingCount
    {
        get
        {
            int count = 0;
            foreach (DateTime value in Values.Span)
            {
                count += value == DateTime.MinValue ? 1 : 0;
            }
            return count;
        }
    }

    internal override string Holds => "times";

    private static DateTime[] NotNull(DateTime[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values;
    }
}
