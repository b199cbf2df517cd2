using Engram.Kernels.Losses;

namespace Engram.Backends;

/// <content>Losses.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <inheritdoc/>
    public double Loss(LossSpec spec, in LossArguments arguments)
    {
        int columns = arguments.Columns;
        fixed (bool* mask = arguments.Mask)
        fixed (double* values = spec.Values)
        {
            LossRows<T> rows = Rows(arguments, mask);
            return (spec.Kind, spec.FromProbabilities) switch
            {
                (LossKind.BinaryCrossEntropy, false) => Run(new BinaryCrossEntropy<T>(columns, spec.Smoothing, Weight(spec, 0), Weight(spec, 1)), rows),
                (LossKind.BinaryCrossEntropy, true) =>
                    Run(new BinaryCrossEntropyOfProbabilities<T>(columns, spec.Smoothing, Weight(spec, 0), Weight(spec, 1)), rows),
                (LossKind.CategoricalCrossEntropy, false) => Run(new CategoricalCrossEntropy<T, L>(columns, spec.Smoothing, values), rows),
                (LossKind.CategoricalCrossEntropy, true) => Run(new CategoricalCrossEntropyOfProbabilities<T>(columns, spec.Smoothing, values), rows),
                (LossKind.SparseCrossEntropy, false) => Run(new SparseCrossEntropy<T, L>(columns, spec.Smoothing, values), rows),
                (LossKind.SparseCrossEntropy, true) => Run(new SparseCrossEntropyOfProbabilities<T>(columns, spec.Smoothing, values), rows),
                (LossKind.KullbackLeibler, false) => Run(new KullbackLeiblerLoss<T, L>(columns), rows),
                (LossKind.KullbackLeibler, true) => Run(new KullbackLeiblerLossOfProbabilities<T, L>(columns), rows),
                (LossKind.Quantile, _) => Run(new QuantileLoss<T>(arguments.TargetColumns, spec.OutputsPerValue, values), rows),
                (LossKind.Gaussian, _) => Run(new GaussianLoss<T>(arguments.TargetColumns, spec.Softplus), rows),
                (LossKind.StudentT, _) => Run(new StudentTLoss<T>(arguments.TargetColumns, spec.Parameter), rows),
                (LossKind.Cosine, _) => Run(new CosineLoss<T>(columns), rows),
                (LossKind.Penalty, _) => Run(new PenaltyLoss<T>(columns, T.CreateTruncating(Weight(spec, 0)), T.CreateTruncating(Weight(spec, 1))), rows),
                _ => Run(new ErrorLoss<T>(spec.Kind, T.CreateTruncating(spec.Parameter), columns), rows),
            };
        }
    }

    /// <inheritdoc/>
    public (int Row, double Value)? FindBadTarget(LossSpec spec, in LossArguments arguments)
    {
        bool areIds = spec.Target == TargetForm.ClassId;
        var check = new TargetCheck<T>(arguments.TargetColumns, T.CreateTruncating(areIds ? arguments.Columns - 1 : 1), areIds);
        fixed (bool* mask = arguments.Mask)
        {
            LossRows<T> rows = Rows(arguments, mask) with { Gradient = null };
            if (Run(check, rows) == 0)
            {
                return null;
            }
            int row = 0;
            while (!rows.IsReal(row) || check.IsGood(Targets(row)))
            {
                row++;
            }
            ReadOnlySpan<T> bad = Targets(row);
            int column = 0;
            while (check.IsGood(bad.Slice(column, 1)))
            {
                column++;
            }
            return (row, double.CreateTruncating(bad[column]));

            ReadOnlySpan<T> Targets(int row) => new(rows.Target + (nint)row * rows.TargetColumns, rows.TargetColumns);
        }
    }

    private double Run<TLoss>(TLoss loss, in LossRows<T> rows)
        where TLoss : unmanaged, IRowLoss<T> => LossWalk<T, TLoss>.Run(_workers, loss, rows);

    private static double Weight(LossSpec spec, int index) => spec.Values is null ? 1 : spec.Values[index];

    private static LossRows<T> Rows(in LossArguments arguments, bool* mask) => new()
    {
        Predicted = Pointer(arguments.Predicted), Target = Pointer(arguments.Target), Gradient = Pointer(arguments.Gradient), Mask = mask,
        Rows = arguments.Rows, Columns = arguments.Columns, TargetColumns = arguments.TargetColumns,
        RowsPerStep = mask is null ? 1 : arguments.Rows / arguments.Mask.Length,
    };
}
