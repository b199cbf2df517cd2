namespace Engram.Data;

/// <summary>
/// How the files of a table were read, as far as other files of the same data will be like them: kept in a model file, so that a shorter file is taken in the
/// same way where it leaves open what a number or a date means (<see cref="CsvOptions.Like"/>). Plain values, for JSON.
/// </summary>
public sealed record CsvReading
{
    /// <summary>The decimal mark of all columns of numbers in which one could be told; null where none could, or where they differ.</summary>
    public char? DecimalMark { get; init; }

    /// <summary>The order of day, month and year in all columns of dates written with numbers only; null where there are none, or where they differ.</summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>False where the first line held data; null where it held names, which is found anew.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>The texts that meant a missing value; null where they were the usual ones.</summary>
    public IReadOnlyList<string>? MissingValues { get; init; }
}
