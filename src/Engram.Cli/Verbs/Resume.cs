using System.CommandLine;
using Engram.Cli.Kinds;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram resume</c>: goes on with a run that was cut.</summary>
internal sealed class Resume : ProfiledVerb
{
    private readonly Argument<string> _run = Arg.Run();

    public Resume()
        : base("resume", "Go on with a training run that was interrupted; it ends with the same weights as if it had not been.")
    {
        Add(_run);
        Validators.Add(result =>
        {
            if (result.GetResult(CommonOptions.Seed) is { Implicit: false })
            {
                result.AddError($"{CommonOptions.Seed.Name}: a run goes on with the seed that it was started with. Leave the option out.");
            }
        });
    }

    public override IReadOnlyList<string> Examples => ["engram resume runs/sp500", "engram resume runs/sp500 --threads 1"];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        string folder = result.GetRequiredValue(_run);
        ModelKind kind = ModelKind.OfRun(folder);
        if (!RunFolder.HasCheckpoint(folder))
        {
            terminal.Say($"There is no checkpoint in {folder}: training starts from the beginning, with the options that the run was given.");
        }
        return kind.Resume(folder, CommonOptions.Device(result), terminal);
    }
}
