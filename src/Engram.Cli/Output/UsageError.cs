using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Engram.Data;

namespace Engram.Cli.Output;

/// <summary>Tells what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageError
{
    /// <summary>Whether the command line can be carried out.</summary>
    public static bool IsIn(ParseResult result) =>
        result.Action is ParseErrorAction or null || (result.Action == result.CommandResult.Command.Action && UnknownToken(result) is not null);

    /// <returns>The exit code.</returns>
    public static int Print(ParseResult result, TextWriter error)
    {
        Command command = result.CommandResult.Command;
        string path = PathOf(result.CommandResult);
        foreach (string message in Messages(result, command, path).Distinct())
        {
            error.WriteLine(Printable.Of($"engram: {message}"));
        }
        error.WriteLine($"See '{path} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>The command as it is typed: <c>engram train forecast</c>.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command is RootCommand ? "engram" : result.Command.Name;

    private static IEnumerable<string> Messages(ParseResult result, Command command, string path)
    {
        if (UnknownToken(result) is { } token)
        {
            // What else is missing is mostly missing because of the misspelt word.
            return [Unknown(token, command, path)];
        }
        return command.Subcommands.Count > 0
            ? [$"'{path}' needs one of: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}."]
            : result.Errors.Select(Message);
    }

    /// <summary>
    /// A word that nothing on the command line asks for. An argument that takes any number of files takes misspelt options too, so what
    /// begins with a line is looked for among its words.
    /// </summary>
    private static string? UnknownToken(ParseResult result) => result.UnmatchedTokens.Concat(
        result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).Where(LooksLikeOption))
        .FirstOrDefault();

    /// <summary>What a fault of one option or argument is told as.</summary>
    public static string Message(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: var option, IdentifierToken: null } => IsMissing(option),
        OptionResult { Option: var option, Tokens.Count: 0 } => $"{option.Name} needs a value, {option.HelpName}.",
        OptionResult { Option: var option, IdentifierTokenCount: > 1 } => $"{option.Name} is given more than once. Give it once.",
        ArgumentResult { Argument: var argument, Tokens.Count: 0 } => IsMissing(argument),
        _ => error.Message,
    };

    private static string IsMissing(Symbol symbol) => $"{symbol.Name} is missing: {Lower(symbol.Description)}";

    private static string Unknown(string token, Command command, string path)
    {
        bool isOption = LooksLikeOption(token);
        IEnumerable<string> names = isOption ? OptionsOf(command).Select(option => option.Name) : command.Subcommands.Select(sub => sub.Name);
        string? nearest = NameSuggestion.Nearest(token, names);
        string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "place for";
        return $"'{path}' has no {kind} '{token}'" + (nearest is null ? "." : $"; did you mean '{nearest}'?");
    }

    /// <summary>A line alone stands for standard input.</summary>
    private static bool LooksLikeOption(string token) => token.Length > 1 && token[0] == '-';

    /// <summary>The options that a command takes, those of all verbs included.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive));

    /// <summary>A description within a sentence; abbreviations such as CSV stay.</summary>
    private static string Lower(string? text) =>
        text is [char first, char second, ..] && char.IsLower(second) ? char.ToLowerInvariant(first) + text[1..] : text ?? "";
}
