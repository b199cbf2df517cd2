using System.CommandLine;
using Engram.Cli.Output;

namespace Engram.Cli.Tests.Output;

public sealed class FailureTests
{
    private static readonly ParseResult Command = EngramCommand.Parse(["predict", "my run", "--horizon", "3"]);

    [Fact]
    public void A_fault_of_ours_ends_with_1_and_tells_what_to_report()
    {
        using StringWriter error = new();

        int code = Failure.Print(new InvalidOperationException("a wheel came off"), Command, error, verbose: false);

        Assert.Equal(1, code);
        Assert.All(
            ["InvalidOperationException: a wheel came off", "Please report", $"Engram {EngramVersion.Current}", "engram predict \"my run\" --horizon 3", "--verbose"],
            words => Assert.Contains(words, error.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_trace_is_printed_where_it_is_asked_for()
    {
        using StringWriter error = new();
        try
        {
            throw new InvalidOperationException("a wheel came off");
        }
        catch (InvalidOperationException exception)
        {
            Failure.Print(exception, Command, error, verbose: true);
        }

        Assert.Contains("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_fails_is_no_fault_of_ours_and_comes_with_a_remedy()
    {
        using StringWriter error = new();

        Assert.Equal(ExitCode.Disk, Failure.Print(new IOException("the cable is out"), Command, error, verbose: false));
        Assert.Contains("the cable is out. Check the disk", error.ToString(), StringComparison.Ordinal);
    }
}
