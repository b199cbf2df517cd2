using System.Globalization;

namespace Engram.Data;

/// <summary>Numbers of things in words.</summary>
internal static class Quantity
{
    /// <summary><c>1 row</c>, <c>1,234 rows</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The thing.</param>
    /// <param name="many">Several of them, where that is not the one with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        count.ToString("N0", CultureInfo.InvariantCulture) + " " + (count == 1 ? one : many ?? one + "s");
}
