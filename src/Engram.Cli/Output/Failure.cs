using System.CommandLine;
using System.Runtime.InteropServices;
using Engram.Data;
using Engram.Files;
using Engram.Tasks;
using Engram.Training;

namespace Engram.Cli.Output;

/// <summary>Tells an error to a user: what the world did wrong in its own words, what we did wrong with what to report.</summary>
internal static class Failure
{
    /// <returns>The exit code.</returns>
    public static int Print(Exception exception, ParseResult command, TextWriter error, bool verbose)
    {
        int code = CodeOf(exception);
        if (code == ExitCode.Bug)
        {
            PrintBug(exception, command, error, verbose);
        }
        else if (exception is EngramException)
        {
            error.WriteLine(Printable.Of($"engram: {exception.Message}"));
        }
        else
        {
            error.WriteLine(Printable.Of($"engram: Reading or writing failed: {exception.Message.TrimEnd('.')}. Check the disk, and where the output goes."));
        }
        if (verbose)
        {
            error.WriteLine(exception);
        }
        return code;
    }

    public static int CodeOf(Exception exception) => exception switch
    {
        InvalidOptionException => ExitCode.Usage,
        DataException => ExitCode.Data,
        ModelFileException => ExitCode.ModelFile,
        TrainingDivergedException => ExitCode.Diverged,
        FileWriteException or IOException or UnauthorizedAccessException => ExitCode.Disk,
        _ => ExitCode.Bug,
    };

    private static void PrintBug(Exception exception, ParseResult command, TextWriter error, bool verbose)
    {
        error.WriteLine($"engram: {exception.GetType().Name}: {exception.Message}");
        error.WriteLine("This is a fault of Engram, not yours. Please report it with these lines" + (verbose ? ":" : ", and those that --verbose adds:"));
        error.WriteLine($"  Engram {EngramVersion.Current}, .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} cores");
        error.WriteLine($"  engram {string.Join(' ', command.Tokens.Select(token => token.Value.Contains(' ', StringComparison.Ordinal) ? $"\"{token.Value}\"" : token.Value))}");
    }
}
