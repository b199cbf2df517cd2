using System.Text.Json;
using Engram.Data;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// Learns from a table to forecast one of its columns, with an honest score beside simple forecasts.
/// <code>
///   Forecaster forecaster = Forecaster.Train(Table.ReadCsv("sp500.csv"), target: "close");
///   Forecast next = forecaster.Predict(5);
///   forecaster.Save("model.safetensors");
/// </code>
/// A trained forecaster does not change: its methods are safe from many threads at once.
/// </summary>
public sealed partial class Forecaster : TaskModel
{
    private readonly ForecastDocument _document;

    internal Forecaster(Sequential model, ForecastDocument document)
    {
        (Model, _document) = (model, document);
    }

    /// <inheritdoc/>
    public override string Task => ForecastDocument.TaskKind;

    /// <summary>The column that is forecast, as the training table names it.</summary>
    public string Target => Spec.Target;

    /// <summary>The features, the target first: <c>OT</c>, <c>cbwd=NW</c>.</summary>
    public IReadOnlyList<string> Features => [.. Spec.Schema.Features.Select(feature => feature.Name)];

    /// <summary>Rows that the network sees.</summary>
    public int Window => Spec.Window;

    /// <summary>Steps ahead that the network predicts at once.</summary>
    public int Horizon => Spec.Horizon;

    /// <summary>The step between rows.</summary>
    public TimeStep Step => Spec.Schema.Step;

    /// <summary>The columns, the target first, and the time columns that a table needs; for showing.</summary>
    public SeriesSchema Schema => Spec.Schema;

    /// <summary>How each feature is scaled.</summary>
    public IReadOnlyList<Scaler> Scalers => Spec.Scalers;

    /// <summary>The network: [batch, window, features] to [batch, horizon], in scaled units.</summary>
    public override Sequential Model { get; }

    /// <summary>How it was trained, season and difference resolved.</summary>
    public override ForecastOptions Options => _document.Options;

    /// <summary>The files trained on; empty for a table made in memory.</summary>
    public IReadOnlyList<string> TrainedOn => _document.Files;

    /// <summary>SHA-256 of the data trained on.</summary>
    public string DataSha256 => _document.Sha256;

    /// <summary>What came out of training; null for a model file that was written before training ended.</summary>
    public override ForecastReport? Report => _document.Report;

    /// <summary>What training left behind beside the model; null for a forecaster that was loaded.</summary>
    public ForecastTraining? Training { get; internal init; }

    private ForecastSpec Spec => _document.Spec;

    /// <summary>Trains a forecaster.</summary>
    /// <param name="table">The data.</param>
    /// <param name="target">The column to forecast, whatever its case.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given. Results do not depend on its threads.</param>
    /// <param name="progress">Is told where training stands.</param>
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range, or does not fit the data.</exception>
    /// <exception cref="DataException">The data are at fault: a column, a cell, too few rows.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no finite number any more.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static Forecaster Train(
        Table table,
        string target,
        ForecastOptions? options = null,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(target);
        TaskEnvironment environment = new(device, progress, clock, cancellation);
        environment.Begin(TaskStage.Preparing);
        ForecastTrainer trainer = new(ForecastPlan.Make(table, target, options ?? new ForecastOptions()), environment);
        History history = trainer.Train();
        return history.Stopped == StopReason.Cancelled ? throw new OperationCanceledException(cancellation) : trainer.Finish(history);
    }

    /// <summary>Reads what <see cref="Save"/> wrote. Predictions are the same to the bit.</summary>
    /// <param name="path">A model file, or the folder of a run.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged, or holds no forecaster.</exception>
    public static new Forecaster Load(string path, Device? device = null) => Load<Forecaster>(path, device, "a forecaster");

    /// <summary>Writes network, scalers, schema, the last window and the report to one file; whole or not at all.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public override void Save(string path) => ModelFile.Write(path, Model, TaskJson.Write(_document, TaskJson.Dense.ForecastDocument));

    /// <summary>A forecaster of what a model file holds.</summary>
    /// <exception cref="FormatException">The description is damaged, or does not fit the network.</exception>
    internal static Forecaster Open(Model model, JsonElement task)
    {
        Require(model is Sequential, "its network is no chain of layers");
        ForecastDocument document = task.Deserialize(TaskJson.Default.ForecastDocument)!;
        ForecastDocumentCheck.Check(document, (Sequential)model);
        return new Forecaster((Sequential)model, document);
    }
}
