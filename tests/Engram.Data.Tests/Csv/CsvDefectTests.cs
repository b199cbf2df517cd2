using System.Text;

namespace Engram.Data.Tests.Csv;

/// <summary>Defects that files from strangers have, and what becomes of each: it is read, with a note where something was assumed, or refused with its place.</summary>
public sealed class CsvDefectTests : IDisposable
{
    private static readonly Encoding _latin1 = Encoding.Latin1;
    private static readonly string _wideHeader = string.Join(',', Enumerable.Range(1, 9_999).Select(i => $"c{i}")) + ",v\n";

    /// <summary>By name. Every file has, or should have, a column «v» of numbers, which is asked for; a column «d» is asked for its times.</summary>
    private static readonly Dictionary<string, Defect> _defects = new()
    {
        // Letters.
        ["byte order mark"] = Accepted("\uFEFFv,w\n1,x\n2,y\n", [1, 2]),
        ["UTF-16 with a mark"] = Accepted([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("v,w\n1,x\n2,y\n")], [1, 2], "UTF-16"),
        ["UTF-16 without a mark"] = Accepted(Encoding.BigEndianUnicode.GetBytes("v,w\n1,x\n2,y\n"), [1, 2], "UTF-16"),
        ["UTF-16 cut within a letter"] = Refused([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("v,w\n1,x\n2,y\n"), 0x41], "1 cells where the header has 2", row: 4),
        ["Latin-1"] = Accepted(_latin1.GetBytes("v,été\n1,à côté\n2,café\n"), [1, 2], "Windows-1252"),
        ["zero byte"] = Refused("v,w\n1,x\0\n2,y\n", "no text file"),
        ["zip archive"] = Refused("PK\u0003\u0004rest", "export the sheet as CSV"),

        // Shape.
        ["nothing"] = Refused("", "is empty"),
        ["mark and nothing else"] = Refused("\uFEFF", "is empty"),
        ["blank lines only"] = Refused("\n\r\n\n", "is empty"),
        ["header only"] = Refused("v,w\n", "has a header and no rows"),
        ["one column"] = Accepted("v\n1\n2\n", [1, 2]),
        ["10,000 columns"] = Accepted(_wideHeader + string.Concat(Enumerable.Repeat("7,", 9_999)) + "1\n", [1]),
        ["10,000 columns of one name"] = Accepted(string.Concat(Enumerable.Repeat("x,", 9_999)) + "v\n" + string.Concat(Enumerable.Repeat("7,", 9_999)) + "1\n", [1], "x_2"),
        ["line of 100 MB"] = Refused([.. "v,w\n1,"u8, .. Enumerable.Repeat((byte)'x', 100_000_000)], "longer than 16 MiB", row: 2),
        ["row too short"] = Refused("v,w\n1,x\n2\n3,z\n", "1 cells where the header has 2", row: 3),
        ["row too long"] = Refused("v,w\n1,x\n2,y,z\n3,z\n", "3 cells where the header has 2", row: 3),
        ["delimiters behind every row"] = Accepted("v,w,,\n1,x,,\n2,y,,\n", [1, 2], "2 columns without a name"),
        ["rows of empty cells"] = Accepted("v,w\n1,x\n,\n2,y\n", [1, 2], "1 row of empty cells left out."),
        ["duplicated headers"] = Accepted("v,w,w\n1,2,3\n4,5,6\n", [1, 4], "A second column 'w' is named 'w_2'."),
        ["header without a name"] = Accepted(",v\na,1\nb,2\n", [1, 2]),
        ["no header"] = Refused("1,2\n3,4\n", "there is no column 'v'", column: "v"),

        // Line ends and quotes.
        ["CRLF"] = Accepted("v,w\r\n1,x\r\n2,y\r\n", [1, 2]),
        ["CR"] = Accepted("v,w\r1,x\r2,y\r", [1, 2]),
        ["line ends of every kind"] = Accepted("v,w\r\n1,x\n2,y\r\n", [1, 2]),
        ["no line end at the end"] = Accepted("v,w\n1,x\n2,y", [1, 2]),
        ["quote not closed"] = Refused("v,w\n1,x\n2,\"y\n3,z\n", "is opened and not closed", row: 3),
        ["quote in the middle of a cell"] = Accepted("v,w\n1,5\" pipe\n2,y\n", [1, 2]),
        ["line end within quotes"] = Accepted("v,w\n1,\"x\ny\"\n2,z\n", [1, 2]),

        // Numbers.
        ["decimal comma"] = Accepted("v;w\n1,5;x\n2,25;y\n", [1.5, 2.25], "The comma is the decimal mark in 'v'."),
        ["thousands"] = Accepted("v,w\n\"1,234.5\",x\n\"2,345.5\",y\n", [1234.5, 2345.5], "Numbers of 'v' have thousands separators."),
        ["thousands that may be decimals"] = Accepted("v;w\n1,234;x\n2,345;y\n", [1.234, 2.345], "--decimal"),
        ["1e999"] = Refused("v,w\n1,x\n1e999,y\n3,z\n", "'1e999' is not a number", row: 3, column: "v"),
        ["nan"] = Accepted("v,w\n1,x\nnan,y\n", [1, double.NaN], "1 cell of 'v' without a value."),
        ["hyphen for a missing number"] = Accepted("v,w\n1,x\n-,y\n", [1, double.NaN], "1 cell of 'v' without a value."),
        ["infinity"] = Refused("v,w\n1,x\n-inf,y\n3,z\n", "'-inf' is not a number", row: 3, column: "v"),
        ["word among numbers"] = Refused("v,w\n1,x\noops,y\n3,z\n", "'oops' is not a number (the only such cell)", row: 3, column: "v"),

        // Dates.
        ["impossible date"] = Refused("d,v\n2024-02-28,1\n2024-02-30,2\n2024-03-01,3\n", "'2024-02-30' is not a time", row: 3, column: "d"),
        ["date that may be read two ways"] = Accepted("d,v\n1/3/2012,1\n2/3/2012,2\n", [1, 2], "nothing in the column tells: name the order (--date-order)", first: new(2012, 1, 3)),
        ["date that one row decides"] = Accepted("d,v\n1/3/2012,1\n13/3/2012,2\n", [1, 2], "Dates of 'd' are day, month, year.", first: new(2012, 3, 1)),
        ["times with zones"] = Accepted("d,v\n2024-01-02T08:00:00+08:00,1\n2024-01-02T09:00:00+08:00,2\n", [1, 2], "converted to UTC", first: new(2024, 1, 2)),
        ["times of which some have a zone"] = Accepted("d,v\n2024-01-02T08:00:00+08:00,1\n2024-01-02T09:00:00,2\n", [1, 2], "the others are taken as UTC", first: new(2024, 1, 2)),
        ["time before all time"] = Refused("d,v\n2024-01-01,1\n0001-01-01T00:00:00+14:00,2\n2024-01-03,3\n", "is not a time", row: 3, column: "d"),
    };

    private readonly TemporaryFolder _files = new();

    public static TheoryData<string> Names => [.. _defects.Keys];

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_defect_is_borne_or_told(string name)
    {
        Defect defect = _defects[name];
        string path = _files.WriteBytes(defect.File);
        if (defect.Values is null)
        {
            DataException error = Assert.Throws<DataException>(() => Read(path, out _));
            Assert.Contains(defect.Message!, error.Message, StringComparison.Ordinal);
            Assert.Equal((defect.Row, defect.Column), (error.Row, error.Column));
            Assert.True(defect.Column == "v" && defect.Row is null || error.File == path, error.File);
            return;
        }
        Table table = Read(path, out DateTime? first);
        Assert.Equal(defect.Values, table.Numbers("v"));
        Assert.Equal(defect.First, first);
        if (defect.Message is { } note)
        {
            Assert.Contains(table.Notes, told => told.Contains(note, StringComparison.Ordinal));
        }
        else
        {
            Assert.Empty(table.Notes);
        }
    }

    [Fact]
    public void A_file_of_nothing_but_delimiters_takes_no_longer_than_its_length_gives_reason_for() =>
        Assert.Throws<DataException>(() => Table.ReadCsv(_files.Write(new string(',', 300_000) + "\n" + new string(',', 300_000))));

    [Theory]
    [InlineData("|\v\nNA| ")]
    [InlineData("|\v\nNA|\n\nNA|||")]
    public void A_file_of_columns_without_names_and_values_is_refused(string text) =>
        Assert.Contains("no column with a name or a value", Assert.Throws<DataException>(() => Table.ReadCsv(_files.Write(text))).Message, StringComparison.Ordinal);

    private static Table Read(string path, out DateTime? first)
    {
        Table table = Table.ReadCsv(path);
        first = table.Columns.Any(column => column.Name == "d") ? table.Times("d")[0] : null;
        table.Numbers("v");
        return table;
    }

    private static Defect Accepted(string file, double[] values, string? note = null, DateTime? first = null) =>
        new(Encoding.UTF8.GetBytes(file), values, note, null, null, first);

    private static Defect Accepted(byte[] file, double[] values, string? note) => new(file, values, note, null, null, null);

    private static Defect Refused(string file, string message, long? row = null, string? column = null) =>
        new(Encoding.UTF8.GetBytes(file), null, message, row, column, null);

    private static Defect Refused(byte[] file, string message, long? row) => new(file, null, message, row, null, null);

    /// <param name="File">What the file holds.</param>
    /// <param name="Values">The numbers of «v»; null where the file is refused.</param>
    /// <param name="Message">Part of the note, or of the error.</param>
    /// <param name="Row">Line that the error names.</param>
    /// <param name="Column">Column that the error names.</param>
    /// <param name="First">The first time of «d».</param>
    private sealed record Defect(byte[] File, double[]? Values, string? Message, long? Row, string? Column, DateTime? First);
}
