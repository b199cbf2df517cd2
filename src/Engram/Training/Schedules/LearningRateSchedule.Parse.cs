using System.Globalization;

namespace Engram.Training;

/// <content>Schedules as text.</content>
public abstract partial class LearningRateSchedule
{
    private const string Forms =
        "constant, step:EPOCHS[:FACTOR], exponential:FACTOR, halve-after:EPOCHS, cosine[:EPOCHS[:MULTIPLIER[:MINIMUM]]], one-cycle[:MAXIMUM], "
        + "plateau[:EPOCHS[:FACTOR[:MINIMUM]]], warm-up:EPOCHS[:SCHEDULE]";

    /// <summary>
    /// Makes a schedule of its text: <c>constant</c>, <c>step:10:0.5</c>, <c>exponential:0.95</c>, <c>halve-after:4</c>, <c>cosine</c>,
    /// <c>cosine:10:2</c>, <c>one-cycle:0.01</c>, <c>plateau:10:0.1</c>, <c>warm-up:2:cosine</c>. Numbers have a decimal point.
    /// </summary>
    /// <param name="text">A name and numbers with colons between.</param>
    /// <exception cref="FormatException">The text is none of these; the message says what is wrong and what would do.</exception>
    public static LearningRateSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().Split(':');
        try
        {
            return parts[0].ToUpperInvariant() switch
            {
                "CONSTANT" => Take(text, parts, 0, 0, () => Constant),
                "STEP" => Take(text, parts, 1, 2, () => Step(Whole(text, parts[1]), Number(text, parts, 2) ?? 0.5)),
                "EXPONENTIAL" => Take(text, parts, 1, 1, () => Exponential(Number(text, parts, 1)!.Value)),
                "HALVE-AFTER" => Take(text, parts, 1, 1, () => HalveAfter(Whole(text, parts[1]))),
                "COSINE" => Take(text, parts, 0, 3, () => Cosine(Number(text, parts, 1), Number(text, parts, 2) ?? 1, Number(text, parts, 3) ?? 0)),
                "ONE-CYCLE" => Take(text, parts, 0, 1, () => OneCycle(Number(text, parts, 1))),
                "PLATEAU" => Take(text, parts, 0, 4, () => ReduceOnPlateau(
                    parts.Length > 1 ? Whole(text, parts[1]) : 10, Number(text, parts, 2) ?? 0.1, Number(text, parts, 3) ?? 0, Number(text, parts, 4) ?? 0)),
                "WARM-UP" => Take(text, parts, 1, int.MaxValue, () =>
                    WarmUp(Number(text, parts, 1)!.Value, parts.Length > 2 ? Parse(string.Join(':', parts[2..])) : null)),
                _ => throw new FormatException($"'{text}' is no schedule. Give one of: {Forms}."),
            };
        }
        catch (ArgumentOutOfRangeException exception)
        {
            string rule = exception.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
            throw new FormatException($"'{text}': {rule}. The forms are: {Forms}.", exception);
        }
    }

    private static LearningRateSchedule Take(string text, string[] parts, int least, int most, Func<LearningRateSchedule> make)
    {
        int numbers = parts.Length - 1;
        return numbers >= least && numbers <= most ? make()
            : throw new FormatException($"'{text}' has {(numbers < least ? "too few" : "too many")} numbers. The forms are: {Forms}.");
    }

    private static int Whole(string text, string part) =>
        int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
            : throw new FormatException($"'{text}': '{part}' is no whole number. The forms are: {Forms}.");

    private static double? Number(string text, string[] parts, int index) =>
        index >= parts.Length ? null
        : double.TryParse(parts[index], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
        : throw new FormatException($"'{text}': '{parts[index]}' is no number. Numbers have a decimal point. The forms are: {Forms}.");
}
