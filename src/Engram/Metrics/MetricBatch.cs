namespace Engram;

/// <summary>
/// Predictions and targets of a batch, row by row: a row is one sample, or one step of one where there is a time axis. What classes or
/// outputs there are lies along a row; of pairs of tags [batch, time, tags, tags], with a target for each step, all pairs of the step.
/// </summary>
public readonly ref struct MetricBatch
{
    private readonly ReadOnlySpan<float> _predicted, _target;
    private readonly SequenceMask? _mask;
    private readonly int _rowsPerStep;

    /// <summary>A batch.</summary>
    /// <param name="predicted">The model's output, row-major.</param>
    /// <param name="shape">Its shape, batch first; the last dimension is a row, but where there is none beside batch, or time under a mask.</param>
    /// <param name="target">What it should have been: the same number of rows.</param>
    /// <param name="mask">Which steps are real; null where all are.</param>
    /// <param name="form">What the predictions are.</param>
    /// <exception cref="ShapeException">The sizes do not fit each other.</exception>
    public MetricBatch(ReadOnlySpan<float> predicted, Shape shape, ReadOnlySpan<float> target, SequenceMask? mask = null, PredictionForm form = PredictionForm.Values)
    {
        bool single = shape.Rank < 2 || (shape.Rank == 2 && mask is not null);
        bool pairs = shape.Rank == 4 && target.Length == (long)shape[0] * shape[1];
        (Rows, Columns) = single ? (checked((int)shape.Count), 1) : pairs ? (shape[0] * shape[1], shape[2] * shape[3]) : (shape.Rows, shape[^1]);
        RowsPerSample = shape.Rank == 0 || shape[0] == 0 ? 1 : Rows / shape[0];
        TargetColumns = Rows == 0 ? 0 : target.Length / Rows;
        if (predicted.Length != shape.Count || target.Length != (long)Rows * TargetColumns)
        {
            throw new ShapeException($"{predicted.Length} predictions of shape {shape} and {target.Length} targets do not go together row by row.");
        }
        long steps = mask is null ? 0 : (long)mask.Batch * mask.Steps;
        if (mask is not null && (steps == 0 ? Rows != 0 : Rows % steps != 0))
        {
            throw new ShapeException($"A mask of {mask.Batch} sequences of {mask.Steps} steps does not go with predictions of shape {shape}.");
        }
        _rowsPerStep = steps == 0 ? 1 : (int)(Rows / steps);
        _predicted = predicted;
        _target = target;
        _mask = mask;
        Form = form;
    }

    /// <summary>What the predictions are, as the compiled loss takes them.</summary>
    public PredictionForm Form { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Rows to a sample: its steps, where there is a time axis.</summary>
    public int RowsPerSample { get; }

    /// <summary>Numbers to a row of the predictions: classes, or outputs.</summary>
    public int Columns { get; }

    /// <summary>Numbers to a row of the targets: as many as of the predictions, or one class id.</summary>
    public int TargetColumns { get; }

    /// <summary>Whether a row is real, and not padding.</summary>
    public bool IsReal(int row) => _mask is null || _mask.Pattern[row / _rowsPerStep];

    /// <summary>A row of the predictions.</summary>
    public ReadOnlySpan<float> Predicted(int row) => _predicted.Slice(row * Columns, Columns);

    /// <summary>All rows of a sample's predictions.</summary>
    public ReadOnlySpan<float> PredictedSample(int sample) => _predicted.Slice(sample * RowsPerSample * Columns, RowsPerSample * Columns);

    /// <summary>A row of the targets.</summary>
    public ReadOnlySpan<float> Target(int row) => _target.Slice(row * TargetColumns, TargetColumns);

    /// <summary>Throws where targets are not of the shape of the predictions.</summary>
    internal void RequireElements(string metric)
    {
        if (Columns != TargetColumns && Rows > 0)
        {
            throw new ShapeException($"{metric} compares element by element, but a row has {Columns} predictions and {TargetColumns} targets. Choose a metric that fits the loss.");
        }
    }
}
