using System.Text.Json;
using Engram.Files;

namespace Engram.Tasks;

/// <summary>
/// What a task has trained: a network with all that is needed to use it, in one file. <see cref="Load"/> reads it, whatever its task is. It does
/// not change: its methods are safe from many threads at once.
/// </summary>
public abstract class TaskModel
{
    /// <summary>The word for the task in files and on the command line: <c>forecast</c>.</summary>
    public abstract string Task { get; }

    /// <summary>The network.</summary>
    public abstract Model Model { get; }

    /// <summary>How it was trained.</summary>
    public abstract TrainingOptions Options { get; }

    /// <summary>What came out of training; null for a model file that was written before training ended.</summary>
    public abstract TaskReport? Report { get; }

    /// <summary>Writes the network and all that is needed to use it to one file; whole or not at all.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public abstract void Save(string path);

    /// <summary>Reads what a task has saved, whichever it was. What it computes is the same to the bit.</summary>
    /// <param name="path">A model file, or the folder of a run.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged, or holds a network without a task.</exception>
    public static TaskModel Load(string path, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = RunFolder.ModelIn(path);
        (Model model, JsonElement? task, _) = ModelFile.ReadAny(path, device);
        string? kind = TaskJson.KindOf(task);
        TaskModel? opened;
        try
        {
            opened = kind switch
            {
                ForecastDocument.TaskKind => Forecaster.Open(model, task!.Value),
                ClassifierDocument.TaskKind => TextClassifier.Open(model, task!.Value),
                LanguageModelDocument.TaskKind => LanguageModel.Open(model, task!.Value),
                TaggingDocument.TaskKind => SequenceTagger.Open(model, task!.Value),
                _ => null,
            };
        }
        catch (Exception e) when (e is ModelFileException or JsonException or FormatException or ArgumentException or NotSupportedException or NullReferenceException)
        {
            throw new ModelFileException(
                $"{path} is damaged: its description of the task {kind} cannot be used: {e.Message.TrimEnd('.')}. Train again, or take an intact copy.", e);
        }
        return opened ?? throw new ModelFileException($"{path} holds a network, but no task that this version knows: train one with engram train.");
    }

    /// <summary>Reads a model that must be of one task.</summary>
    internal static T Load<T>(string path, Device? device, string wanted)
        where T : TaskModel
    {
        TaskModel model = Load(path, device);
        return model as T ?? throw new ModelFileException($"{path} holds a model of the task {model.Task}, but {wanted} is wanted. Name another file, or the command for that task.");
    }

    /// <exception cref="FormatException">A description does not hold what it must.</exception>
    internal static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }
}
