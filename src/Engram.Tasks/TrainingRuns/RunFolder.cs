using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Engram.Data;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>The folder of a run and the files in it.</summary>
internal sealed class RunFolder(string path) : IDisposable
{
    private const string ModelName = "model.safetensors", CheckpointName = "checkpoint.safetensors";

    public const string OptionsName = "options.json";

    /// <summary>What tells that a folder holds a run, of this task or another.</summary>
    private static readonly string[] _marks = [OptionsName, CheckpointName, ModelName, "report.json", "events.jsonl"];

    /// <summary>What a run writes; pictures are the caller's.</summary>
    private static readonly string[] _results = [.. _marks, "history.csv", "predictions.csv", "sample.txt", "loss.png", "forecast.png", "confusion.png"];

    private bool _isNew;
    private RunLock? _lock;

    public string Path { get; } = path;

    public string Checkpoint => In(CheckpointName);

    public string Model => In(ModelName);

    public RunEvents Events { get; } = new(System.IO.Path.Combine(path, "events.jsonl"));

    /// <summary>The copy of what was read from a stream. An earlier run's is never removed: it may be what this one reads.</summary>
    private string Input => In("standard-input.csv");

    /// <summary>The model file that a user names: itself, or by the folder of its run.</summary>
    public static string ModelIn(string path) => Directory.Exists(path) ? System.IO.Path.Combine(path, ModelName) : path;

    /// <summary>Whether a run in a folder can go on where it was, instead of from the beginning.</summary>
    public static bool HasCheckpoint(string folder) => File.Exists(System.IO.Path.Combine(folder, CheckpointName));

    public bool HoldsRun => _marks.Any(name => File.Exists(In(name)));

    /// <summary>Makes the folder, where it is not in use or may be replaced, and keeps it for this run until <see cref="Dispose"/>.</summary>
    public void Open(RunOptions options)
    {
        if (File.Exists(Path))
        {
            throw new InvalidOptionException("--output", Path, "is a file. Name a folder.");
        }
        if (HoldsRun && !options.Overwrite && !options.Resume)
        {
            throw new InvalidOptionException("--output", Path, "holds a run already. Choose another folder, go on with that run (--resume) or replace it (--overwrite).");
        }
        if (HoldsRun && !options.Overwrite && !File.Exists(In(OptionsName)))
        {
            throw new InvalidOptionException("--resume", Path, $"holds no run that can go on: there is no {OptionsName} in it. Choose another folder, or replace what it holds (--overwrite).");
        }
        try
        {
            _isNew = !Directory.Exists(Path);
            Directory.CreateDirectory(Path);
            _lock = RunLock.TryTake(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileWriteException($"Cannot write in the folder '{Path}': {e.Message.TrimEnd('.')}. Choose another place.", e);
        }
        if (_lock is null)
        {
            throw new InvalidOptionException(options.Resume ? "--resume" : "--output", Path, "is in use by another run, which goes on. Wait for its end, or choose another folder.");
        }
        _ = AtomicFile.RemoveLeftovers(Path);
    }

    /// <summary>Another run may have the folder.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        Events.Dispose();
    }

    /// <summary>Takes back a folder that was made for nothing.</summary>
    public void RemoveIfUnused()
    {
        if (_isNew && Directory.EnumerateFileSystemEntries(Path).All(entry => System.IO.Path.GetFileName(entry) == RunLock.Name))
        {
            File.Delete(In(RunLock.Name));
            Directory.Delete(Path);
        }
    }

    /// <summary>What a run reads that takes no files: a stream, or the copy of it that an earlier run kept.</summary>
    public CsvSource OpenInput(Stream? input, CancellationToken cancellation)
    {
        const string name = "standard input";
        if (input is not null)
        {
            return CsvSource.FromStream(input, name, cancellation);
        }
        if (!File.Exists(Input))
        {
            throw new DataException($"{Input}: there is no such file, and the run had its data from {name}. Put them there, or train anew.", Input);
        }
        using FileStream copy = File.OpenRead(Input);
        return CsvSource.FromStream(copy, name, cancellation);
    }

    public void KeepInput(CsvSource input) => AtomicFile.Write(Input, target =>
    {
        using Stream source = input.Open();
        source.CopyTo(target);
    });

    /// <summary>Removes what an earlier run left.</summary>
    public void Clear()
    {
        foreach (string name in _results)
        {
            try
            {
                File.Delete(In(name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FileWriteException($"Cannot replace '{In(name)}': {e.Message.TrimEnd('.')}. Choose another folder.", e);
            }
        }
    }

    /// <summary>What there is to tell where a folder has no options.</summary>
    public static InvalidOptionException NoRun(string folder) =>
        new("resume", folder, $"holds no run: there is no {OptionsName} in it. Name the folder that was given as --output.");

    /// <summary>The task of the run that a folder holds; null where its options do not tell.</summary>
    /// <exception cref="InvalidOptionException">The folder holds no run.</exception>
    /// <exception cref="ModelFileException">Its options cannot be read.</exception>
    public static string? TaskOf(string folder)
    {
        using RunFolder run = new(folder);
        string text = run.ReadOptions() ?? throw NoRun(folder);
        return run.Guard(() => TaskIn(text));
    }

    /// <summary>What the run was started with; null where the folder holds none.</summary>
    public RunSettings<TOptions>? ReadSettings<TOptions, TTrained>(IRunTask<TOptions, TTrained> task)
        where TOptions : RunOptions
        where TTrained : class => ReadOptions() is { } text ? Settings(text, task, In(OptionsName)) : null;

    /// <summary>What a run was started with, from the text of <c>options.json</c>, which may be a stranger's.</summary>
    /// <exception cref="ModelFileException">Something is missing in it, or cannot be; or it is of a run of another task.</exception>
    public static RunSettings<TOptions> Settings<TOptions, TTrained>(string text, IRunTask<TOptions, TTrained> task, string place)
        where TOptions : RunOptions
        where TTrained : class
    {
        // The task before its options: those of another lack what this one needs.
        if (Guard(place, () => TaskIn(text)) is { } kind && kind != task.Kind)
        {
            throw new ModelFileException($"{place} is of a run of the task {kind}, not {task.Kind}. Let the task {kind} go on with it (engram resume finds the task by itself), or name a run of the task {task.Kind}.");
        }
        return Guard(place, () =>
        {
            RunSettings<TOptions>? settings = JsonSerializer.Deserialize(text, task.Settings);
            return settings is { Task: not null, DataSha256: not null, Options: { Files.Count: > 0, Common.Units: not null } options } && NamesFiles(options) && task.IsComplete(options)
                ? settings : throw new JsonException("something is missing, or is no name of a file");
        });
    }

    public void WriteSettings<TOptions>(RunSettings<TOptions> settings, JsonTypeInfo<RunSettings<TOptions>> type)
        where TOptions : RunOptions => Write(OptionsName, TaskJson.Write(settings, type));

    /// <summary>Writes the report.</summary>
    /// <param name="json">The document.</param>
    public void WriteReport(string json) => Write("report.json", json);

    /// <summary>Writes a result of the task.</summary>
    public void WriteResult(string name, Action<TextWriter> write) => AtomicFile.WriteText(In(name), write);

    /// <summary>All epochs so far.</summary>
    public void WriteHistory(History history) => AtomicFile.WriteText(In("history.csv"), history.WriteCsv);

    private string? ReadOptions() => File.Exists(In(OptionsName)) ? Guard(() => File.ReadAllText(In(OptionsName))) : null;

    private static string? TaskIn(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("task", out JsonElement task)
            && task.ValueKind == JsonValueKind.String ? task.GetString() : null;
    }

    private T Guard<T>(Func<T> read) => Guard(In(OptionsName), read);

    private static T Guard<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"{place} cannot be used: {e.Message.TrimEnd('.')}. Train again with --overwrite.", e);
        }
    }

    private static bool NamesFiles(RunOptions options) => options.Files.All(IsName) && options.OtherFiles.All(file => file is null || IsName(file));

    private static bool IsName(string? file) => !string.IsNullOrWhiteSpace(file) && !file.Contains('\0', StringComparison.Ordinal);

    private void Write(string name, string text) => AtomicFile.WriteText(In(name), writer => writer.WriteLine(text));

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
