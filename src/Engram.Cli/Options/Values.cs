using System.Globalization;
using Engram.Data;

namespace Engram.Cli.Options;

/// <summary>
/// Reads the values of options, and writes their defaults. What cannot be read throws <see cref="FormatException"/>, whose message names the text and what is
/// wanted instead; whether a number is in range is the task's to say.
/// </summary>
internal static class Values
{
    /// <summary>A number as help tells it and the command line takes it.</summary>
    public static string Write(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    public static string Text(string text) => text.Length > 0 ? text : throw new FormatException("it is empty.");

    public static int Integer(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value : throw new FormatException($"'{text}' is no whole number. Give one such as 10.");

    /// <summary>A whole number above 0.</summary>
    public static int Count(string text) => Integer(text) is >= 1 and var value ? value : throw new FormatException($"{text} is too small: it must be at least 1.");

    public static int Threads(string text)
    {
        const int most = 1024;
        return Count(text) is <= most and var value ? value : throw new FormatException($"{text} is too large: it must be at most {most}.");
    }

    public static long LongInteger(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value : throw new FormatException($"'{text}' is no whole number. Give one such as 0.");

    public static double Number(string text) =>
        TryNumber(text, out double value)
            ? value : throw new FormatException($"'{text}' is no number. Give one with a decimal point, such as 0.1.");

    /// <summary>The text of a number.</summary>
    public static string NumberText(string text)
    {
        _ = Number(text);
        return text;
    }

    public static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>Texts with commas between: <c>A,B</c>.</summary>
    public static IReadOnlyList<string> Names(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries) is var names && !names.Contains("")
            ? names : throw new FormatException($"'{text}' has an empty name. Give names with commas between, such as A,B.");

    /// <summary>Whole numbers with commas between: <c>50,50</c>.</summary>
    public static IReadOnlyList<int> Integers(string text)
    {
        try
        {
            return [.. text.Split(',').Select(Integer)];
        }
        catch (FormatException)
        {
            throw new FormatException($"'{text}' is no list of whole numbers. Give them with commas between, such as 50,50.");
        }
    }

    /// <summary>A number of seconds, minutes or hours: <c>90s</c>, <c>10m</c>, <c>2h</c>.</summary>
    public static TimeSpan Duration(string text)
    {
        if (text.Length > 1 && TryNumber(text[..^1], out double value) && Math.Abs(value) < 1e9)
        {
            switch (text[^1])
            {
                case 's': return TimeSpan.FromSeconds(value);
                case 'm': return TimeSpan.FromMinutes(value);
                case 'h': return TimeSpan.FromHours(value);
            }
        }
        throw new FormatException($"'{text}' is no time. Give a number of seconds, minutes or hours, such as 90s, 10m or 2h.");
    }

    public static string Encoding(string text) =>
        LegacyEncoding.Find(text) is not null ? text : throw new FormatException($"'{text}' is no known encoding; {LegacyEncoding.Examples}.");

    /// <summary>One character, or its name where a shell makes the character hard to write.</summary>
    public static char Delimiter(string text) => text switch
    {
        "tab" or @"\t" => '\t',
        "comma" => ',',
        "semicolon" => ';',
        "space" => ' ',
        "bar" => '|',
        [char single and not ('"' or '\r' or '\n')] when char.IsAscii(single) => single,
        _ => throw new FormatException($"'{text}' is no character that can stand between cells. Give one such as ';', or one of comma, semicolon, tab, space, bar."),
    };

    public static char DecimalMark(string text) => text switch
    {
        "." or "point" => '.',
        "," or "comma" => ',',
        _ => throw new FormatException($"'{text}' is no decimal mark. Give point or comma."),
    };

    public static DateOrder Order(string text) => OneOf(text, [("dmy", DateOrder.DayMonthYear), ("mdy", DateOrder.MonthDayYear), ("ymd", DateOrder.YearMonthDay)]);

    /// <summary>One of several words, whatever their case.</summary>
    public static T OneOf<T>(string text, IReadOnlyList<(string Word, T Value)> choices)
    {
        foreach ((string word, T value) in choices)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }
        throw new FormatException($"'{text}' is not one of {string.Join(", ", choices.Select(choice => choice.Word))}.");
    }
}
