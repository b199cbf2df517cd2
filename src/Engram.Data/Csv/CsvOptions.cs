namespace Engram.Data;

/// <summary>How a CSV file is written, where it shall not be detected. Every option left out is found from the file.</summary>
public sealed record CsvOptions
{
    /// <summary>The texts that mean a missing value unless <see cref="MissingValues"/> says otherwise; an empty cell always does.</summary>
    public static IReadOnlyList<string> DefaultMissingValues { get; } = ["NA", "N/A", "#N/A", "NaN", "null", "-", "--", "."];

    /// <summary>
    /// Name of the character encoding: <c>utf-8</c>, <c>utf-16</c>, <c>gb18030</c>, <c>gbk</c>, <c>big5</c>, <c>windows-1252</c> …
    /// Default: from the byte order mark, else UTF-8 if all bytes are valid UTF-8, else GB18030 or Windows-1252, whichever fits.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>What stands between cells. Default: comma, semicolon, tab or bar, found from the first lines.</summary>
    public char? Delimiter { get; init; }

    /// <summary>What stands before the fraction of a number: a point or a comma. Default: found from the whole column.</summary>
    public char? DecimalMark { get; init; }

    /// <summary>
    /// The order of day, month and year in dates of numbers only. Default: found from the whole column; where nothing in it tells,
    /// day first with points (2.1.2012), year first with lines and short years (12-01-02), otherwise month first (1/2/2012).
    /// </summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>
    /// Whether the first line holds the column names; without them columns are named column1, column2 … Default: found, by whether its
    /// cells differ in kind from those below.
    /// </summary>
    public bool? HasHeader { get; init; }

    /// <summary>
    /// The texts that mean a missing value, whatever their case; an empty cell always does.
    /// Default: <see cref="DefaultMissingValues"/>.
    /// </summary>
    public IReadOnlyList<string>? MissingValues { get; init; }

    /// <summary>
    /// How other files of the same data were read (<see cref="Table.Reading"/>, <see cref="SeriesSchema.Reading"/> of a forecaster): where nothing in a file tells its decimal
    /// mark or the order of its dates (1,234; 1/2/2012) they are as in those, and so are header and missing values where the options above leave them out.
    /// Default: none.
    /// </summary>
    public CsvReading? Like { get; init; }
}
