using System.Text;
using Engram.Cli.Output;
using Spectre.Console;

namespace Engram.Cli;

/// <summary>Where a verb prints: results to standard output, all that accompanies them to standard error.</summary>
internal sealed class Terminal(bool quiet, bool json, bool verbose)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Lazy<IAnsiConsole> _progress = new(() => Create(Console.Error));

    /// <summary>Neither progress nor notes: only results, and errors.</summary>
    public bool Quiet => quiet;

    /// <summary>Results are one JSON document.</summary>
    public bool Json => json;

    /// <summary>Errors come with their stack trace.</summary>
    public bool Verbose => verbose;

    /// <summary>Whether standard error is a terminal in which a bar can move.</summary>
    public bool ShowsBars => !quiet && !Console.IsErrorRedirected && Progress.Profile.Capabilities.Ansi;

    /// <summary>Standard error as Spectre.Console sees it.</summary>
    public IAnsiConsole Progress => _progress.Value;

    /// <summary>UTF-8 everywhere, whatever the machine's language.</summary>
    public static void UseUtf8()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Utf8;
        }
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), Utf8) { AutoFlush = true });
        Console.SetError(new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true });
    }

    /// <summary>Standard output as Spectre.Console sees it: colours in a terminal only, lines as long as they are in a pipe.</summary>
    public static IAnsiConsole Results()
    {
        IAnsiConsole console = Create(Console.Out);
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 500;
        }
        return console;
    }

    /// <summary>Standard output for many lines: buffered, lines ending with <c>\n</c> as in the files.</summary>
    public static StreamWriter ResultWriter() => new(Console.OpenStandardOutput(), Utf8, 1 << 16) { NewLine = "\n" };

    /// <summary>Tells something that accompanies the result.</summary>
    public void Say(string line)
    {
        if (ShowsBars)
        {
            Progress.WriteLine(line);
        }
        else if (!quiet)
        {
            Console.Error.WriteLine(Printable.Of(line));
        }
    }

    /// <summary>Shows the cursor, which a bar hides, to a user whose process ends before the bar does.</summary>
    public void ShowCursor()
    {
        if (ShowsBars)
        {
            // Not by way of the console, which the bar may be writing to.
            using Stream error = Console.OpenStandardError();
            error.Write("\e[?25h\r\n"u8);
        }
    }

    /// <summary>Tells what was found, assumed or decided, a sentence each.</summary>
    public void SayNotes(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            Say("Note: " + note);
        }
    }

    private static IAnsiConsole Create(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        Printable.Guard(console);
        return console;
    }
}
