using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Engram.Data;

public sealed partial record TimeStep
{
    private static readonly (string Name, TimeStep Step)[] _named =
    [
        ("irregular", None),
        ("business-daily", BusinessDaily),
        ("secondly", Every(TimeSpan.FromSeconds(1))),
        ("minutely", Every(TimeSpan.FromMinutes(1))),
        ("hourly", Hourly),
        ("daily", Daily),
        ("weekly", Weekly),
        ("monthly", Monthly),
        ("quarterly", Quarterly),
        ("yearly", Yearly),
    ];

    private static readonly (string Unit, long Ticks)[] _units =
    [
        ("days", TimeSpan.TicksPerDay),
        ("hours", TimeSpan.TicksPerHour),
        ("minutes", TimeSpan.TicksPerMinute),
        ("seconds", TimeSpan.TicksPerSecond),
        ("milliseconds", TimeSpan.TicksPerMillisecond),
        ("microseconds", TimeSpan.TicksPerMicrosecond),
        ("ticks", 1),
    ];

    /// <summary>
    /// The step in words: <c>irregular</c>, <c>secondly</c>, <c>minutely</c>, <c>hourly</c>, <c>daily</c>, <c>business-daily</c>,
    /// <c>weekly</c>, <c>monthly</c>, <c>quarterly</c>, <c>yearly</c>, <c>every 15 minutes</c>, <c>every 2 months</c>, the months
    /// followed by <c> on day 15</c> where that is not the first.
    /// </summary>
    public override string ToString()
    {
        string day = Day > 1 ? $" on day {Text(Day)}" : "";
        TimeStep first = Kind == TimeStepKind.Month ? EveryMonths(Months) : this;
        foreach ((string name, TimeStep step) in _named)
        {
            if (step == first)
            {
                return name + day;
            }
        }
        if (Kind == TimeStepKind.Month)
        {
            return $"every {Text(Months)} months{day}";
        }
        (string unit, long ticks) = _units.First(unit => Span.Ticks % unit.Ticks == 0);
        return $"every {Text(Span.Ticks / ticks)} {unit}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is no time step.</exception>
    public static TimeStep Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ');
        int day = 1;
        if (words is [.., "on", "day", var written] && TryNumber(written, EndOfMonth, out long parsed))
        {
            day = (int)parsed;
            words = words[..^3];
        }
        TimeStep? step = words switch
        {
            [var name] => Array.Find(_named, named => named.Name == name).Step,
            ["every", var count, "months"] when TryNumber(count, 12_000, out long months) => EveryMonths((int)months),
            ["every", var count, var name] when Array.Find(_units, unit => unit.Unit == name) is { Ticks: > 0 } unit
                && TryNumber(count, TimeSpan.TicksPerDay * 36_525 / unit.Ticks, out long units) => Every(TimeSpan.FromTicks(units * unit.Ticks)),
            _ => null,
        };
        return step switch
        {
            { Kind: TimeStepKind.Month } => EveryMonths(step.Months, day),
            not null when day == 1 => step,
            _ => throw new FormatException($"'{text}' is no time step; examples are 'hourly', 'every 15 minutes', 'business-daily', 'monthly'."),
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string text, long largest, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= largest;
}

/// <summary>Writes a <see cref="TimeStep"/> as its text. Public so that generated JSON code of other assemblies can use it.</summary>
public sealed class TimeStepJsonConverter : JsonConverter<TimeStep>
{
    /// <inheritdoc/>
    public override TimeStep Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? "";
        try
        {
            return TimeStep.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeStep value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
