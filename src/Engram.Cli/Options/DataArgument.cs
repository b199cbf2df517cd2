using System.CommandLine;

namespace Engram.Cli.Options;

/// <summary>The data files that a verb reads.</summary>
internal static class DataArgument
{
    public static Argument<string[]> Create(string description, ArgumentArity arity) => new("DATA") { Description = description, Arity = arity };
}
