using System.Text;

namespace Engram.Data.Tests.Csv;

/// <summary>
/// A sound table that is damaged as tables are: cells, rows, columns, header, quotes, delimiters, line ends, encoding; and as bytes are
/// (<see cref="Mutation.Of(byte[], Random)"/>), in one of four files.
/// </summary>
/// <param name="Delimiter">What stands between cells.</param>
/// <param name="LineEnd">What stands behind a row.</param>
/// <param name="Rows">The cells, the header first.</param>
internal sealed record CsvDamage(char Delimiter, string LineEnd, params string[][] Rows)
{
    private static readonly string[] _cells =
    [
        "", " ", "0", "-0", "-", "+", ".", "1e999", "-1e-999", "nan", "inf", "NA", "1,234.5", "1.234,5", "1 234", "12%", "€5", "1.2亿", "(3)", "9223372036854775808", "1_000", "0x10",
        "2024-02-30", "31/02/2020", "01/02/03", "24:00", "23:59:60", "2020-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999", "20240102", "1700000000",
        "word", "\uFFFD", "中文", "a\"b", "\"", "a\nb", "a\rb", ";", ",", "\t", "\uFEFF", "\0", "date", "year", "=1+1",
    ];

    private static readonly string[] _lineEnds = ["\n", "\r\n", "\r", "\n\n", "", "\u2028"];

    private static readonly char[] _delimiters = [',', ';', '\t', '|', ' '];

    private static readonly Encoding[] _encodings =
        [Encoding.Latin1, Encoding.Unicode, Encoding.BigEndianUnicode, new UTF32Encoding(bigEndian: false, byteOrderMark: true), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)];

    /// <summary>The file, with some damage.</summary>
    public byte[] Of(Random random)
    {
        List<List<string>> rows = [.. Rows.Select(row => row.ToList())];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            Change(rows, random);
        }
        byte[] file = Write(rows, random);
        return random.Next(4) == 0 ? Mutation.Of(file, random) : file;
    }

    private static void Change(List<List<string>> rows, Random random)
    {
        if (rows.Count == 0 || rows[0].Count == 0)
        {
            return;
        }
        int at = random.Next(rows.Count), column = random.Next(rows[0].Count);
        List<string> row = rows[at];
        int cell = Math.Min(column, row.Count);
        switch (random.Next(10))
        {
            case 0 or 1 or 2 when cell < row.Count:
                row[cell] = random.Next(4) == 0 ? rows[0][column] : Pick(_cells, random);
                break;
            case 3:
                rows.RemoveAt(at);
                break;
            case 4:
                rows.Insert(random.Next(rows.Count + 1), [.. row]);
                break;
            case 5:
                row.RemoveRange(cell, row.Count - cell);
                break;
            case 6:
                row.InsertRange(cell, Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(_cells, random)));
                break;
            case 7:
                Each(one => one.RemoveAt(column));
                break;
            case 8:
                Each(one => one.Add(one[column]));
                break;
            case 9:
                // A whole column is written otherwise: as percentages, currency, thousands, times of day …
                string sign = Pick(_cells, random);
                bool isBehind = random.Next(2) == 0;
                Each(one => one[column] = isBehind ? one[column] + sign : sign + one[column]);
                break;
        }

        void Each(Action<List<string>> change)
        {
            foreach (List<string> one in rows.Where(one => one.Count > column))
            {
                change(one);
            }
        }
    }

    private byte[] Write(List<List<string>> rows, Random random)
    {
        char delimiter = random.Next(8) == 0 ? Pick(_delimiters, random) : Delimiter;
        string lineEnd = random.Next(8) == 0 ? Pick(_lineEnds, random) : LineEnd;
        bool forgetsQuotes = random.Next(8) == 0, isMixed = random.Next(16) == 0;
        StringBuilder text = new();
        foreach (List<string> row in rows)
        {
            for (int i = 0; i < row.Count; i++)
            {
                char separator = isMixed && random.Next(8) == 0 ? Pick(_delimiters, random) : delimiter;
                bool isQuoted = !forgetsQuotes && row[i].AsSpan().IndexOfAny(['"', '\r', '\n', separator]) >= 0;
                _ = i > 0 ? text.Append(separator) : text;
                _ = isQuoted ? text.Append('"').Append(row[i].Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"') : text.Append(row[i]);
            }
            text.Append(isMixed ? Pick(_lineEnds, random) : lineEnd);
        }
        Encoding? encoding = random.Next(8) == 0 ? Pick(_encodings, random) : null;
        return encoding is null ? Encoding.UTF8.GetBytes(text.ToString()) : [.. random.Next(4) == 0 ? [] : encoding.Preamble, .. encoding.GetBytes(text.ToString())];
    }

    private static T Pick<T>(T[] among, Random random) => among[random.Next(among.Length)];
}
