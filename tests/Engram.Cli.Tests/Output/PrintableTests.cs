using Engram.Cli.Output;
using Spectre.Console;

namespace Engram.Cli.Tests.Output;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Käse, 中文 and 🙂\tas ever\n", "Käse, 中文 and 🙂\tas ever\n")]
    [InlineData("a\u001b[31mb\u0007", "a␛[31mb␇")]
    [InlineData("50%\rDone", "50%␍Done")]
    [InlineData("\u007f\u009b2J", "␡\\u009B2J")]
    [InlineData("gpj.\u202eexe", "gpj.\\u202Eexe")]
    public void What_would_order_a_terminal_about_is_shown_instead(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void A_console_keeps_its_own_colours_and_shows_those_of_the_data_as_text()
    {
        using StringWriter written = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(written) });
        Printable.Guard(console);
        Table table = new();
        table.AddColumn("class");
        table.AddRow(new Text("\u001b[2Jgone", Style.Parse("green")));

        console.Write(table);
        console.WriteLine("a\u0007b");

        Assert.Contains("␛[2Jgone", written.ToString(), StringComparison.Ordinal);
        Assert.Contains("a␇b", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", written.ToString(), StringComparison.Ordinal);
        Assert.Contains("\u001b[32m", written.ToString(), StringComparison.Ordinal);
    }
}
