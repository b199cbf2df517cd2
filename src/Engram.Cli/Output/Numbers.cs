using System.Globalization;

namespace Engram.Cli.Output;

/// <summary>Numbers as a reader wants them.</summary>
internal static class Numbers
{
    /// <summary>A number with four digits that count, without an exponent where it is of a usual size.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e9 or (< 1e-3 and > 0) => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
        >= 1000 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>A count with its thousands apart.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
