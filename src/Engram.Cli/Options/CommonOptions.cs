using System.CommandLine;

namespace Engram.Cli.Options;

/// <summary>The options that hold for every verb.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = Opt.Flag("--json", "Print the result as one JSON document, and nothing else, to standard output.");

    public static Option<bool> Quiet { get; } = Opt.Flag("--quiet", "No progress, no notes: only results and errors.", "-q");

    public static Option<long?> Seed { get; } = Opt.Value(
        "--seed", "N", "Where all randomness is drawn from: the same seed gives the same numbers.", "0", Values.LongInteger);

    public static Option<int?> Threads { get; } = Opt.Value(
        "--threads", "N", "Threads to compute with. The numbers that come out do not depend on it.", "all cores", Values.Threads);

    public static Option<bool> Verbose { get; } = Opt.Flag("--verbose", "Print the stack trace of an error as well.");

    public static IEnumerable<Option> All { get; } = [Json, Quiet, Seed, Threads, Verbose];

    /// <summary>What to compute on.</summary>
    public static Device Device(ParseResult result) =>
        result.GetValue(Threads) is { } threads ? Engram.Device.Cpu(threads) : Engram.Device.Default;

    public static Terminal Terminal(ParseResult result) => new(result.GetValue(Quiet), result.GetValue(Json), result.GetValue(Verbose));
}
