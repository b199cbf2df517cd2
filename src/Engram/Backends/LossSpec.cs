namespace Engram.Backends;

/// <summary>Which loss; the equations stand with the kernels of these names.</summary>
internal enum LossKind
{
    MeanSquared,
    MeanAbsolute,
    Huber,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    SparseCrossEntropy,
    Quantile,
    Gaussian,
    StudentT,
    KullbackLeibler,
    Cosine,
    Penalty,
}

/// <summary>What a row of targets is, beside a row of predictions.</summary>
internal enum TargetForm
{
    /// <summary>As many numbers as the prediction has.</summary>
    AsPredicted,

    /// <summary>As many shares, 0 … 1, as the prediction has numbers.</summary>
    Shares,

    /// <summary>One class id.</summary>
    ClassId,

    /// <summary>One number for every <see cref="LossSpec.OutputsPerValue"/> of the prediction.</summary>
    Values,
}

/// <summary>A loss and its parameters.</summary>
internal sealed record LossSpec(LossKind Kind)
{
    /// <summary>δ of Huber's loss; ν of Student's, 0 where it is learnt.</summary>
    public double Parameter { get; init; }

    /// <summary>Whether predictions are probabilities and not logits.</summary>
    public bool FromProbabilities { get; init; }

    /// <summary>Whether a deviation is predicted by way of softplus and not as the logarithm of a variance.</summary>
    public bool Softplus { get; init; }

    /// <summary>Share of every target that is spread over all classes.</summary>
    public double Smoothing { get; init; }

    /// <summary>Weights of classes, levels of quantiles, or λ₁ and λ₂ of a penalty; null where there are none.</summary>
    public double[]? Values { get; init; }

    /// <summary>What targets look like.</summary>
    public TargetForm Target { get; init; }

    /// <summary>Predictions that belong to one target value, where <see cref="Target"/> is <see cref="TargetForm.Values"/>.</summary>
    public int OutputsPerValue { get; init; } = 1;

    /// <summary>Whether a row of the gradient may be written over the row of the prediction that it is computed of.</summary>
    public bool WritesInPlace => Kind == LossKind.SparseCrossEntropy && !FromProbabilities && Smoothing == 0;

    /// <summary>Whether elements count one by one, so that it matters to nothing how they are cut into rows.</summary>
    public bool IsElementwise => Kind is LossKind.MeanSquared or LossKind.MeanAbsolute or LossKind.Huber or LossKind.BinaryCrossEntropy or LossKind.Penalty;
}

/// <summary>What a loss is computed of.</summary>
/// <param name="predicted">[rows, columns]</param>
/// <param name="target">[rows, targetColumns]</param>
/// <param name="rows">Rows that the mean is over.</param>
/// <param name="columns">Numbers to a row of the prediction.</param>
/// <param name="targetColumns">Numbers to a row of the target.</param>
/// <param name="mask">Whether each step, that is so many rows, is real; empty where all are.</param>
/// <param name="gradient">
/// Receives the gradient, [rows, columns]; null where none is wanted. It may be the memory of the prediction where <see cref="LossSpec.WritesInPlace"/>.
/// </param>
internal readonly ref struct LossArguments(
    Storage predicted, Storage target, int rows, int columns, int targetColumns, ReadOnlySpan<bool> mask, Storage? gradient)
{
    public Storage Predicted { get; } = predicted;

    public Storage Target { get; } = target;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public int TargetColumns { get; } = targetColumns;

    public ReadOnlySpan<bool> Mask { get; } = mask;

    public Storage? Gradient { get; } = gradient;
}
