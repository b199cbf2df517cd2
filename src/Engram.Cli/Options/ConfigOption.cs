using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Engram.Cli.Output;
using Engram.Data;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary><c>--config FILE</c>: options of <c>train</c> from a file. What the command line says too, it says instead.</summary>
internal static class ConfigOption
{
    public static Option<string?> Option { get; } = Opt.Reference(
        "--config", "FILE", "A JSON file of options, { \"units\": [64, 64], \"dropout\": 0.2 }; those on the command line go before.", "none", Values.Text);

    /// <summary>The command line together with the options of the file that it names; as it is where it names none.</summary>
    /// <exception cref="InvalidOptionException">The file gives what is no option of the command, or no value of that option.</exception>
    public static ParseResult Complete(ParseResult result, IReadOnlyList<string> arguments)
    {
        if (result.Action is HelpWithExamples || result.GetResult(Option) is not { Tokens: [{ Value: { Length: > 0 } file }] })
        {
            return result;
        }
        Dictionary<Option, ConfigFile.Entry> given = OptionsOf(result.CommandResult, file);
        Command root = result.RootCommandResult.Command;
        RequireValues(root.Parse([.. UsageError.PathOf(result.CommandResult).Split(' ')[1..], .. given.SelectMany(Words)], result.Configuration), file, given);
        string[] more = [.. given.Where(option => result.GetResult(option.Key) is null or { Implicit: true }).SelectMany(Words)];
        // Behind -- all words are files.
        int end = arguments.TakeWhile(word => word != "--").Count();
        return root.Parse([.. arguments.Take(end), .. more, .. arguments.Skip(end)], result.Configuration);
    }

    /// <summary>The command's options that the file gives.</summary>
    private static Dictionary<Option, ConfigFile.Entry> OptionsOf(CommandResult command, string file)
    {
        Option[] known = [.. UsageError.OptionsOf(command.Command).Where(option => option is not HelpOption && option != Option)];
        Dictionary<Option, ConfigFile.Entry> given = [];
        foreach (ConfigFile.Entry entry in ConfigFile.Read(file))
        {
            Option option = known.FirstOrDefault(option => option.Aliases.Prepend(option.Name).Contains("--" + entry.Name))
                ?? throw ConfigFile.Bad(file, entry.Line, Unknown(entry.Name, UsageError.PathOf(command), known));
            bool isSwitch = option.Arity.MaximumNumberOfValues == 0;
            if (isSwitch != entry.Switch is not null)
            {
                throw ConfigFile.Bad(file, entry.Line, isSwitch ? $"'{entry.Name}' is true or false." : $"'{entry.Name}' needs a value, {option.HelpName}.");
            }
            if (!given.TryAdd(option, entry))
            {
                throw ConfigFile.Bad(file, entry.Line, $"'{entry.Name}' is given more than once. Give it once.");
            }
        }
        return given;
    }

    private static void RequireValues(ParseResult result, string file, Dictionary<Option, ConfigFile.Entry> given)
    {
        foreach (ParseError error in result.Errors)
        {
            if (error.SymbolResult is OptionResult { Implicit: false } option)
            {
                throw ConfigFile.Bad(file, given[option.Option].Line, UsageError.Message(error));
            }
        }
    }

    private static string Unknown(string name, string command, IEnumerable<Option> known) =>
        $"'{command}' has no option '{name}'" + (NameSuggestion.Nearest(name.TrimStart('-'), known.Select(option => option.Name[2..])) is { } nearest ? $"; did you mean '{nearest}'?" : ".");

    /// <summary>The words of an option on the command line; none where it is off.</summary>
    private static IEnumerable<string> Words(KeyValuePair<Option, ConfigFile.Entry> option) => option.Value switch
    {
        { Switch: false } => [],
        { Value: { } value } => [$"{option.Key.Name}={value}"],
        _ => [option.Key.Name],
    };
}
