using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engram.Cli.Output;

/// <summary>
/// <c>engram --version</c>: the version alone on the first line, for scripts; below it what the numbers of a measurement depend on.
/// <code>
/// 0.1.0
/// build      native code (NativeAOT) for linux-x64, x86-64-v4
/// runtime    .NET 10.0.12
/// processor  AVX-512 (512-bit lanes), 2 threads
/// </code>
/// </summary>
internal sealed class VersionText : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(EngramVersion.Current);
        output.WriteLine($"build      {Build}");
        output.WriteLine($"runtime    {RuntimeInformation.FrameworkDescription}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"processor  {Device.CpuInstructions}, {Environment.ProcessorCount} threads"));
        return ExitCode.Done;
    }

    private static string Build => RuntimeFeature.IsDynamicCodeSupported
        ? $"managed code (JIT) on {RuntimeInformation.RuntimeIdentifier}"
        : $"native code (NativeAOT) for {RuntimeInformation.RuntimeIdentifier}, {InstructionSet ?? "the least of its processors"}";

    private static string? InstructionSet =>
        typeof(VersionText).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "IlcInstructionSet")?.Value;
}
