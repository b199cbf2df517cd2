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

    /// <summary>Options of the parser for this dialect.</summary>
    public static CsvReaderOptions ReaderOptions(char delimiter, Action<CsvMalformedRecord>? onMalformed = null) => new()
    {
        Separator = delimiter,
        HasHeader = false,
        TrimWhitespace = true,
        SkipEmptyLines = true,
        TrackLineNumbers = true,
        MaxRecordSize = LargestRecord,
        OnMalformedRecord = onMalformed,
    };
}
