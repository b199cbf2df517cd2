using System.CommandLine;
using System.Text.Json;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Files;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram inspect</c>: what a model file holds.</summary>
internal sealed class Inspect : Verb
{
    private readonly Argument<string> _model = Arg.Model();

    public Inspect()
        : base("inspect", "Show what a model file holds: layers, shapes, task, where it came from, SHA-256 of its weights.")
    {
        Add(_model);
    }

    public override IReadOnlyList<string> Examples => ["engram inspect runs/sp500", "engram inspect runs/sp500/model.safetensors --json"];

    protected override int Run(ParseResult result, Terminal terminal)
    {
        string file = RunFolder.ModelIn(result.GetRequiredValue(_model));
        TaskModel model = TaskModel.Load(file);
        (_, JsonElement? task, string weightsSha256) = ModelFile.ReadAny(file);
        ModelDescription description = new(file, model, task!.Value, weightsSha256);
        if (terminal.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            description.WriteJson(output);
        }
        else
        {
            description.Print(Terminal.Results());
        }
        return ExitCode.Done;
    }
}
