namespace Engram.Data.Tests.Csv;

/// <summary>Whatever became of a CSV file, it is read, or refused by a <see cref="DataException"/>.</summary>
public sealed class CsvMutationTests
{
    private const int Count = 1_000_000;

    private static readonly CsvDamage[] _sound =
    [
        new(',', "\n", ["date", "close", "note"], ["2024-01-02", "1.5", "a"], ["2024-01-03", "2.5", "b, c"], ["2024-01-04", "", "d"]),
        new(';', "\r\n", ["Tag", "Preis", "Menge"], ["02.01.2024", "1.234,5", "10"], ["13.01.2024", "0,75", "20%"]),
        new('\t', "\n", ["日期", "成交额", "价"], ["2024年1月2日", "1.23亿", "¥5"], ["2024年1月3日", "9876万", "¥6"]),
        new(',', "\n", ["t", "v"], ["2024-01-02T08:00:00+08:00", "1"], ["2024-01-02T09:00:00Z", "2e3"]),
        new('|', "\n", ["year", "month", "day", "hour", "été"], ["2024", "1", "2", "0", "1"], ["2024", "2", "29", "23", "2"]),
    ];

    private int _read, _refused;

    [Fact]
    public void A_damaged_file_is_read_or_refused()
    {
        Mutation.Run(Count, random => _sound[random.Next(_sound.Length)].Of(random), Read);

        // Damage that nothing survives, or that nobody sees, would test little.
        double share = _refused / (double)(_read + _refused);
        Assert.InRange(share, 0.2, 0.8);
    }

    private void Read(byte[] file)
    {
        try
        {
            Table table = CsvTableReader.Read([CsvSource.FromBytes(file, "damaged.csv")], new CsvOptions(), default);
            for (int i = 0; i < table.Columns.Count; i++)
            {
                Ask(table, table.Columns[i].Name, (file.Length + i) % 3);
            }
            Interlocked.Increment(ref _read);
            TimeIndex.Find(table);
        }
        catch (DataException error)
        {
            Interlocked.Increment(ref _refused);
            Assert.True(error.Message.Contains("damaged.csv", StringComparison.Ordinal) || error.Column is not null, error.Message);
        }
    }

    /// <summary>A column in one of three forms; of so many files all meet all.</summary>
    private static void Ask(Table table, string column, int form)
    {
        try
        {
            int rows = form switch { 0 => table.Numbers(column).Length, 1 => table.Times(column).Length, _ => table.Texts(column).Length };
            Assert.Equal(table.RowCount, rows);
        }
        catch (DataException error)
        {
            Assert.Contains(column, error.Message, StringComparison.Ordinal);
        }
    }
}
