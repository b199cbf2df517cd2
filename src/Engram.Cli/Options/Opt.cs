using System.CommandLine;
using System.CommandLine.Parsing;

namespace Engram.Cli.Options;

/// <summary>Makes options that all read, default and explain themselves in the same way.</summary>
internal static class Opt
{
    /// <summary>An option with a value. Where it is not given its value is null, and the task's own default holds.</summary>
    /// <param name="name">Its name, with both lines.</param>
    /// <param name="value">What help calls the value.</param>
    /// <param name="description">What it does.</param>
    /// <param name="default">The default in words; null where the option must be given.</param>
    /// <param name="parse">Reads the value, or throws <see cref="FormatException"/>.</param>
    /// <param name="aliases">Other names for it.</param>
    public static Option<T?> Value<T>(string name, string value, string description, string? @default, Func<string, T> parse, params string[] aliases)
        where T : struct => Make<T?>(name, value, description, @default, text => parse(text), aliases);

    /// <inheritdoc cref="Value{T}"/>
    public static Option<T?> Reference<T>(string name, string value, string description, string? @default, Func<string, T> parse)
        where T : class => Make<T?>(name, value, description, @default, parse);

    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = $"{description} [default: off]", Arity = ArgumentArity.Zero };

    private static Option<T> Make<T>(string name, string value, string description, string? @default, Func<string, T> parse, params string[] aliases) => new(name, aliases)
    {
        HelpName = value,
        Description = @default is null ? description : $"{description} [default: {@default}]",
        Required = @default is null,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Read(result, name, parse),
    };

    private static T Read<T>(ArgumentResult result, string name, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[^1].Value);
        }
        catch (FormatException exception)
        {
            result.AddError($"{name}: {exception.Message}");
            return default!;
        }
    }
}
