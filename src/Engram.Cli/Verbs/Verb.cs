using System.CommandLine;
using Engram.Cli.Options;

namespace Engram.Cli.Verbs;

/// <summary>A command that does something: parses, calls a task, prints.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description)
        : base(name, description)
    {
        SetAction(result => Run(result, CommonOptions.Terminal(result)));
    }

    /// <summary>Two command lines that work as printed, in the folder of a clone.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult result, Terminal terminal);

    protected void AddAll(IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            Add(option);
        }
    }
}
