using System.Diagnostics;

namespace Engram.Cli.Tests;

public sealed class PackagesTests
{
    [Fact]
    public async Task Packages_hold_what_they_should_and_the_tool_installs_from_them_and_works()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: scripts/check-packages.sh needs bash");
        // …/tests/Engram.Cli.Tests/bin/Release/net10.0
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

        using Process process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "scripts", "check-packages.sh"), output.Parent!.Name, "--no-build"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        string log = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);

        Assert.True(process.ExitCode == 0, log + await error);
        Assert.Contains("The packages are fine", log, StringComparison.Ordinal);
    }
}
