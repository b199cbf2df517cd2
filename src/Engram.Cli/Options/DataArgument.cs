using System.CommandLine;

namespace Engram.Cli.Options;

/// <summary>The data files that a verb reads.</summary>
internal static class DataArgument
{
    public static Argument<string[]> Create(string description, ArgumentArity arity)
    {
        Argument<string[]> data = new("DATA") { Description = description, Arity = arity };
        data.Validators.Add(result =>
        {
            if (result.Tokens.Count > 1 && result.Tokens.Any(token => token.Value == "-"))
            {
                result.AddError($"{data.Name}: - stands for standard input and goes with no other file. Give it alone, or files alone.");
            }
        });
        return data;
    }
}
