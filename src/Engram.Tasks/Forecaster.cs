using Engram.Data;

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
public sealed class Forecaster
{
    internal Forecaster(Sequential model, ForecastOptions options)
    {
        Model = model;
        Options = options;
    }

    /// <summary>The column that is forecast, as the training table names it.</summary>
    public string Target => throw new NotImplementedException();

    /// <summary>The features, the target first: <c>OT</c>, <c>cbwd=NW</c>.</summary>
    public IReadOnlyList<string> Features => throw new NotImplementedException();

    /// <summary>Rows that the network sees.</summary>
    public int Window => throw new NotImplementedException();

    /// <summary>Steps ahead that the network predicts at once.</summary>
    public int Horizon => throw new NotImplementedException();

    /// <summary>The step between rows.</summary>
    public TimeStep Step => throw new NotImplementedException();

    /// <summary>The network: [batch, window, features] to [batch, horizon], in scaled units.</summary>
    public Sequential Model { get; }

    /// <summary>How it was trained, every choice left to the data resolved.</summary>
    public ForecastOptions Options { get; }

    /// <summary>What came out of training; null for a model file that was written before training ended.</summary>
    public ForecastReport? Report { get; init; }

    /// <summary>What training left behind beside the model; null for a forecaster that was loaded.</summary>
    public ForecastTraining? Training { get; init; }

    /// <summary>Trains a forecaster.</summary>
    /// <param name="table">The data.</param>
    /// <param name="target">The column to forecast, whatever its case.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given. Results do not depend on its threads.</param>
    /// <param name="progress">Is told where training stands.</param>
    /// <param name="clock">What <see cref="ForecastOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range, or does not fit the data.</exception>
    /// <exception cref="DataException">The data are at fault: a column, a cell, too few rows.</exception>
    /// <exception cref="Engram.Training.TrainingDivergedException">The loss or a weight is no finite number any more.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static Forecaster Train(
        Table table,
        string target,
        ForecastOptions? options = null,
        Device? device = null,
        IProgress<ForecastProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Reads what <see cref="Save"/> wrote. Predictions are the same to the bit.</summary>
    /// <param name="path">A model file, or the folder of a run.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="Files.ModelFileException">The file is missing, damaged, or holds no forecaster.</exception>
    public static Forecaster Load(string path, Device? device = null) => throw new NotImplementedException();

    /// <summary>Writes network, scalers, schema, the last window and the report to one file; whole or not at all.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="Files.FileWriteException">The file cannot be written.</exception>
    public void Save(string path) => throw new NotImplementedException();

    /// <summary>Forecasts what follows the data trained on, whose last window the forecaster keeps.</summary>
    /// <param name="count">
    /// Steps ahead, 1 or more; the trained horizon where not given. Beyond the horizon predictions are fed back as if they had come,
    /// other features held at their last values; <see cref="Forecast.Notes"/> says so.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public Forecast Predict(int? count = null) => throw new NotImplementedException();

    /// <summary>Forecasts what follows the last row of a table of the same columns.</summary>
    /// <param name="data">At least a window of rows.</param>
    /// <param name="count">See <see cref="Predict(int?)"/>.</param>
    /// <exception cref="DataException">The data are at fault: a column, a cell, fewer rows than a window.</exception>
    public Forecast Predict(Table data, int? count = null) => throw new NotImplementedException();

    /// <summary>A forecast over the trained horizon at every row that has a window before it.</summary>
    /// <inheritdoc cref="Predict(Table, int?)"/>
    public ForecastRows PredictRolling(Table data, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Scores the forecaster beside the baselines on all rows of a table that have a window before them.</summary>
    /// <inheritdoc cref="Predict(Table, int?)"/>
    public ForecastEvaluation Evaluate(Table data, CancellationToken cancellation = default) => throw new NotImplementedException();
}
