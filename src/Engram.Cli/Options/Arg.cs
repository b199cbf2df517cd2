using System.CommandLine;

namespace Engram.Cli.Options;

/// <summary>Makes the arguments of verbs, and refuses what cannot be one.</summary>
internal static class Arg
{
    /// <summary>The model that a verb uses.</summary>
    public static Argument<string> Model() => Named("MODEL", "A model file, or the folder of a run.");

    /// <summary>The run that a verb goes on with.</summary>
    public static Argument<string> Run() => Named("RUN", "The folder of a run.");

    /// <summary>The data files that a verb reads.</summary>
    public static Argument<string[]> Data(string description, ArgumentArity arity)
    {
        Argument<string[]> data = new("DATA") { Description = description, Arity = arity };
        RefuseEmpty(data);
        data.Validators.Add(result =>
        {
            if (result.Tokens.Count > 1 && result.Tokens.Any(token => token.Value == "-"))
            {
                result.AddError($"{data.Name}: - stands for standard input and goes with no other file. Give it alone, or files alone.");
            }
        });
        return data;
    }

    /// <summary>The files that a verb learns from, which it goes through more than once.</summary>
    public static Argument<string[]> TrainingFiles(string name, string description)
    {
        Argument<string[]> files = new(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        RefuseEmpty(files);
        files.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value == "-"))
            {
                result.AddError($"{files.Name}: - stands for standard input, which cannot be read here: what trains goes through its files more than once. Name a file.");
            }
        });
        return files;
    }

    private static Argument<string> Named(string name, string description)
    {
        Argument<string> argument = new(name) { Description = description };
        RefuseEmpty(argument);
        return argument;
    }

    private static void RefuseEmpty(Argument argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{argument.Name} is an empty name. Give that of a file or folder.");
        }
    });
}
