using CsvHelper;

namespace Engram.Data;

/// <summary>How the lines of a file are cut into cells.</summary>
/// <param name="Delimiter">What stands between cells.</param>
/// <param name="HasHeader">Whether the first record holds the names.</param>
/// <param name="SkippedBytes">Bytes of a first line <c>sep=;</c> that Excel writes.</param>
internal sealed record CsvDialect(char Delimiter, bool HasHeader, int SkippedBytes)
{
    /// <summary>A record may not be longer: an unclosed quote would swallow the whole file.</summary>
    private const int LargestRecord = 1 << 24;

    /// <summary>Whether cells may stand in quotes, or a quote is a letter like any other.</summary>
    public bool HasQuotes { get; init; } = true;

    /// <summary>Whether blanks around a cell are no part of it.</summary>
    public bool TrimsCells { get; init; } = true;

    /// <summary>Whether lines without a letter are no records.</summary>
    public bool SkipsBlankLines { get; init; } = true;

    /// <summary>Options of the parser for this dialect.</summary>
    public CsvReaderOptions ReaderOptions(Action<CsvMalformedRecord>? onMalformed = null) => new()
    {
        Separator = Delimiter,
        Mode = HasQuotes ? CsvMode.Rfc4180 : CsvMode.NoEscape,
        HasHeader = false,
        TrimWhitespace = TrimsCells,
        SkipEmptyLines = SkipsBlankLines,
        TrackLineNumbers = true,
        MaxRecordSize = LargestRecord,
        OnMalformedRecord = onMalformed,
    };
}
