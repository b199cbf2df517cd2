using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Engram.Testing;

/// <summary>
/// Damages sound files in the ways that find mistakes in readers: bytes and pieces changed, members of JSON removed, exchanged, or given a hostile
/// value. The same number gives the same damage, so that a failure is found again by its number.
/// </summary>
internal static class Mutation
{
    private static readonly double _factor =
        double.Parse(Environment.GetEnvironmentVariable("ENGRAM_MUTATIONS") ?? "1", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static readonly byte[][] _values =
    [.. new[]
    {
        "null", "true", "0", "-1", "1", "2", "1e99", "-1e99", "1e-320", "0.5", "2147483647", "2147483648", "16777216", "1048576", "9223372036854775807", "18446744073709551616",
        "\"\"", "\"NaN\"", "\"Infinity\"", "\"-1\"", "\"9999-12-31T23:59:59.9999999\"", "\"0001-01-01T00:00:00\"", "\"00:00:00\"", "\"AAAA\"", "\"-\"", "\"\\u0000\"",
        "\"lstm\"", "\"residual\"", "\"bidirectional\"", "\"reshape\"", "[]", "{}", "[null]", "[1]", "[-1]", "[[[[[[]]]]]]", "[2147483647,2147483647]",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] _pieces =
    [.. new[]
    {
        "", "\"", "\"\"", ",", ";", "\n", "\r", "\r\n", "\0", "\uFEFF", "é", "中", "-", "+", ".", "e", "1e999", "nan", "inf", "1,234.5", "1.234,5", "%", "€", "99", "31/02/2020",
        "2020-02-30", "24:00", "2020-01-01T00:00:00+14:00", "sep=;", "{", "}", "[", "]", "0", "-0", "9223372036854775808", "\\ud800", "\u2028",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>
    /// Hands so many damaged files to a reader, more or fewer where ENGRAM_MUTATIONS gives a factor (0.01 while one writes a reader), and tells the number of
    /// one that it does not bear.
    /// </summary>
    /// <param name="count">How many in the suite.</param>
    /// <param name="damage">Makes a file of random choices.</param>
    /// <param name="read">Reads it, on any thread; what may come out of that must not leave it.</param>
    public static void Run<T>(int count, Func<Random, T> damage, Action<T> read)
    {
        long begin = Stopwatch.GetTimestamp();
        int files = Math.Max(1, (int)(count * _factor));
        Parallel.For(0, files, number =>
        {
            T file = damage(new Random(number));
            try
            {
                read(file);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Damaged file {number}: {error.GetType().Name}: {error.Message}\n{Show(file)}", error);
            }
        });
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        TestContext.Current.SendDiagnosticMessage("{0} damaged files in {1:0.0} s, {2:0} µs each", files, seconds, 1e6 * seconds / files);
    }

    /// <summary>Bytes with some changes.</summary>
    public static byte[] Of(byte[] sound, Random random)
    {
        List<byte> bytes = [.. sound];
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            int at = random.Next(bytes.Count + 1), length = Math.Min(random.Next(1, 1 << random.Next(1, 8)), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 4 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Pick(_pieces, random));
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>A text with some changes.</summary>
    public static string Of(string sound, Random random) => Encoding.UTF8.GetString(Of(Encoding.UTF8.GetBytes(sound), random));

    /// <summary>JSON of which some members have other values, are gone, stand twice or in each other's place.</summary>
    public static byte[] OfJson(JsonSpans sound, Random random) => sound.Changed(_values, random.Next(1, 4), random);

    /// <summary>The same of a text.</summary>
    public static string OfJson(string sound, Random random) => Encoding.UTF8.GetString(OfJson(new JsonSpans(Encoding.UTF8.GetBytes(sound)), random));

    private static T Pick<T>(T[] among, Random random) => among[random.Next(among.Length)];

    private static string Show<T>(T file) => file switch
    {
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => file?.ToString() ?? "",
    };
}
