using System.Globalization;

namespace Engram.Data;

/// <summary>A column of numbers. Missing cells are NaN.</summary>
public sealed class NumberColumn : Column
{
    /// <summary>Makes a column over the given numbers, which are not copied.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">One number a row, NaN where it is missing. Infinities are reported when the numbers are asked for.</param>
    public NumberColumn(string name, double[] values)
        : this(name, values, FindInfinities(values))
    {
    }

    internal NumberColumn(string name, double[] values, CellFaults? faults)
        : base(name, values.Length)
    {
        Values = values;
        Faults = faults;
    }

    /// <summary>The numbers, one a row; NaN where the cell is missing or is not a number.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <inheritdoc/>
    public override int MissingCount => Count(Values.Span);

    internal override string Holds => "numbers";

    private static int Count(ReadOnlySpan<double> values)
    {
        int count = 0;
        foreach (double value in values)
        {
            count += double.IsNaN(value) ? 1 : 0;
        }
        return count;
    }

    private static CellFaults? FindInfinities(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int first = Array.FindIndex(values, double.IsInfinity);
        return first < 0
            ? null
            : new CellFaults(null, first + 1, values[first].ToString(CultureInfo.InvariantCulture), values.Count(double.IsInfinity));
    }
}
