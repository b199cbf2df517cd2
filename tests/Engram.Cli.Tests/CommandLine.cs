using System.Diagnostics;
using System.Text;

namespace Engram.Cli.Tests;

/// <summary>Runs engram as a user does: a process of its own, its exit code, what it printed.</summary>
internal static class CommandLine
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Engram.Cli.dll");

    public static Result Run(params string[] arguments) => RunIn(null, arguments);

    /// <summary>Runs it in a folder, the tests' own where null.</summary>
    public static Result RunIn(string? folder, params IReadOnlyList<string> arguments)
    {
        using Process process = Start(folder, arguments);
        return Finish(process);
    }

    /// <summary>Gives the program something to read from standard input.</summary>
    public static Result RunWithInput(string input, params IReadOnlyList<string> arguments) => RunWithInput(input, [], arguments);

    /// <summary>The same with variables of the environment.</summary>
    public static Result RunWithInput(string input, Dictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        using Process process = Start(folder: null, arguments, environment);
        process.StandardInput.Write(input);
        return Finish(process);
    }

    public static Process Start(string? folder, IReadOnlyList<string> arguments, Dictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new("dotnet", ["exec", Program, .. arguments])
        {
            WorkingDirectory = folder ?? Directory.GetCurrentDirectory(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    public static Result Finish(Process process)
    {
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, error.Result);
    }

    /// <summary>How a run of the program ended.</summary>
    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        /// <summary>
        /// Requires an exit code, and an error that a user can read: on standard error alone, with every one of some words in it, and
        /// without a stack trace.
        /// </summary>
        public void MustFail(int exitCode, params IReadOnlyList<string> words)
        {
            Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}: {Error}");
            Assert.Equal("", Output);
            foreach (string word in words)
            {
                Assert.Contains(word, Error, StringComparison.Ordinal);
            }
            Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled", Error, StringComparison.Ordinal);
        }

        public Result MustSucceed()
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
            return this;
        }
    }
}
