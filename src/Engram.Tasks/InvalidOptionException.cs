using System.Globalization;

namespace Engram.Tasks;

/// <summary>
/// An option has a value outside its range, or does not go with another. The message names the option as the command line does, the
/// value and the range.
/// </summary>
public sealed class InvalidOptionException : EngramException
{
    /// <summary>Makes an error from an option's name, its value and what it must be.</summary>
    /// <param name="option">The option as the command line writes it: <c>--window</c>.</param>
    /// <param name="value">The value that was given.</param>
    /// <param name="rule">What it must be, and what to do: it follows the value and a colon, as in «--window 0: must be 1 or more».</param>
    public InvalidOptionException(string option, object? value, string rule)
        : base(string.Create(CultureInfo.InvariantCulture, $"{option}{(value is null or "" ? "" : " ")}{value}: {rule}"))
    {
        Option = option;
    }

    /// <summary>The option as the command line writes it: <c>--window</c>.</summary>
    public string Option { get; }
}
