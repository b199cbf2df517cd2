using System.CommandLine;
using Engram.Cli.Options;

namespace Engram.Cli.Verbs;

/// <summary>A verb that computes, and tells with <c>--profile</c> where its time went.</summary>
internal abstract class ProfiledVerb : Verb
{
    private const string TraceFile = "engram-trace.json";

    private readonly Option<bool> _profile = Opt.Flag(
        "--profile", $"Tell where the time went, and write {TraceFile}, which a browser's trace viewer draws.");

    protected ProfiledVerb(string name, string description)
        : base(name, description)
    {
        Add(_profile);
    }

    protected sealed override int Run(ParseResult result, Terminal terminal)
    {
        if (!result.GetValue(_profile))
        {
            return Compute(result, terminal);
        }
        using Profile profile = Profile.Start();
        int code;
        using (Profile.Measure(Name))
        {
            code = Compute(result, terminal);
        }
        profile.WriteTrace(TraceFile);
        terminal.Say(profile.Stop().ToString());
        terminal.Say($"Every span is in {TraceFile}, which chrome://tracing, edge://tracing and ui.perfetto.dev draw.");
        return code;
    }

    /// <returns>The exit code.</returns>
    protected abstract int Compute(ParseResult result, Terminal terminal);
}
