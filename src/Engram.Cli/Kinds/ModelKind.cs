using System.CommandLine;
using System.Text.Json;
using Engram.Cli.Options;
using Engram.Tasks;
using Spectre.Console;

namespace Engram.Cli.Kinds;

/// <summary>What the verbs do with the models of one task.</summary>
internal abstract class ModelKind
{
    private static readonly IReadOnlyList<ModelKind> All = [new ForecasterKind(), new TextClassifierKind(), new TaggerKind(), new LanguageModelKind()];

    /// <summary>The word for the task in files.</summary>
    public abstract string Task { get; }

    /// <summary>What data of the task are counted in.</summary>
    public virtual string Unit => "row";

    /// <summary>The kind of a model.</summary>
    public static ModelKind Of(TaskModel model) => All.First(kind => kind.Task == model.Task);

    /// <summary>The kind of the run that a folder holds.</summary>
    /// <exception cref="InvalidOptionException">There is no run, or none that this version knows.</exception>
    public static ModelKind OfRun(string folder)
    {
        string? task = RunFolder.TaskOf(folder);
        return All.FirstOrDefault(kind => kind.Task == task) ?? throw new Files.ModelFileException(
            $"{Path.Combine(folder, RunFolder.OptionsName)} cannot be used: its task is {task ?? "missing"}, which this version does not know. Train again with --overwrite.");
    }

    /// <summary><c>engram resume</c>.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Resume(string folder, Device device, Terminal terminal);

    /// <summary><c>engram predict</c>.</summary>
    public abstract int Predict(TaskModel model, PredictRequest request, Terminal terminal);

    /// <summary><c>engram evaluate</c>.</summary>
    public abstract int Evaluate(TaskModel model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result, Terminal terminal);

    /// <summary>The lines of <c>engram inspect</c> that tell of the task, each with its name.</summary>
    public abstract IEnumerable<(string Name, string Text)> Describe(TaskModel model);

    /// <summary>The options of training, for <c>engram inspect</c>.</summary>
    public abstract string DescribeOptions(TaskModel model);

    /// <summary>The result of training in a line, for <c>engram inspect</c>.</summary>
    public abstract (string Name, string Text) DescribeResult(TaskModel model);

    /// <summary>The members of the task's object in <c>engram inspect --json</c>.</summary>
    public abstract void WriteJson(Utf8JsonWriter json, TaskModel model);
}

/// <summary>What the verbs do with the models of one task, whose type is known.</summary>
/// <typeparam name="T">What the task trains.</typeparam>
internal abstract class ModelKind<T> : ModelKind
    where T : TaskModel
{
    public sealed override int Predict(TaskModel model, PredictRequest request, Terminal terminal) => Predict((T)model, request, terminal);

    public sealed override int Evaluate(TaskModel model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result, Terminal terminal) =>
        Evaluate((T)model, files, csv, result, terminal);

    public sealed override IEnumerable<(string Name, string Text)> Describe(TaskModel model) => Describe((T)model);

    public sealed override (string Name, string Text) DescribeResult(TaskModel model) => DescribeResult((T)model);

    public sealed override string DescribeOptions(TaskModel model) => DescribeOptions((T)model);

    public sealed override void WriteJson(Utf8JsonWriter json, TaskModel model) => WriteJson(json, (T)model);

    /// <summary>Draws what a run shows.</summary>
    /// <returns>What a reader of the pictures should be told.</returns>
    public abstract IReadOnlyList<string> SavePictures(string folder, T trained);

    /// <summary>Tells a reader what came out of a run.</summary>
    public abstract void Print(IAnsiConsole console, T trained, string folder);

    protected abstract int Predict(T model, PredictRequest request, Terminal terminal);

    protected abstract int Evaluate(T model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result, Terminal terminal);

    protected abstract IEnumerable<(string Name, string Text)> Describe(T model);

    protected abstract string DescribeOptions(T model);

    protected abstract (string Name, string Text) DescribeResult(T model);

    protected abstract void WriteJson(Utf8JsonWriter json, T model);
}
