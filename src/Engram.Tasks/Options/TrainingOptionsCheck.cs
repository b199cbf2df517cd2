using Engram.Training;

namespace Engram.Tasks;

/// <summary>The ranges of <see cref="TrainingOptions"/>, and the rules that options of tasks are checked by.</summary>
internal static class TrainingOptionsCheck
{
    private const double UsualForgetBias = 1;

    public static void Check(TrainingOptions options)
    {
        Known("--cell", options.Cell);
        CheckUnits(options.Units);
        Known("--optimizer", options.Optimizer);
        Share("--dropout", options.Dropout);
        AtLeast("--epochs", options.Epochs, 1);
        AtLeast("--batch-size", options.BatchSize, 1);
        Positive("--learning-rate", options.LearningRate);
        Share("--momentum", options.Momentum);
        Require(options.Momentum == 0 || options.Optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp,
            "--momentum", options.Momentum, "is for the optimizers sgd and rmsprop. Choose one of them, or leave the option out.");
        Require(!options.Nesterov || (options.Optimizer == OptimizerKind.Sgd && options.Momentum > 0),
            "--nesterov", "on", "is for the optimizer sgd with a momentum. Add --optimizer sgd --momentum 0.9, or leave the option out.");
        CheckSchedule(options.Schedule);
        Require(options.WeightDecay is null || (options.WeightDecay >= 0 && double.IsFinite(options.WeightDecay.Value)),
            "--weight-decay", options.WeightDecay, "must be at least 0.");
        if (options.ClipNorm is { } norm)
        {
            Positive("--clip-norm", norm);
        }
        Require(options.HasTestData || options.Test is > 0 and < 1, "--test", options.Test, "must be a share above 0 and below 1, or a file.");
        Require(options.Validation is >= 0 and < 1, "--validation", options.Validation, "must be a share of at least 0 and below 1.");
        Share("--average", options.Average);
        Require(options.Average == 0 || options.Optimizer is not (OptimizerKind.Asgd or OptimizerKind.NtAsgd),
            "--average", options.Average, "does not go with an optimizer that averages the weights itself. Choose another optimizer, or leave the option out.");
        AtLeast("--patience", options.Patience, 0, " 0 trains all epochs.");
        Require(options.InitialRange is null || (options.InitialRange >= 0 && double.IsFinite(options.InitialRange.Value)),
            "--initial", options.InitialRange, "must be at least 0.");
        Require(double.IsFinite(options.ForgetBias), "--forget-bias", options.ForgetBias, "must be a finite number.");
        Require(Cells.HasForgetGate(options.Cell) || options.ForgetBias == UsualForgetBias,
            "--forget-bias", options.ForgetBias, $"the cell {Cells.NameOf(options.Cell)} has no forget gate. Leave the option out.");
        Require(options.TimeLimit is null || options.TimeLimit > TimeSpan.Zero, "--time-limit", options.TimeLimit, "must be above zero.");
    }

    /// <summary>A whole number has a smallest value.</summary>
    public static void AtLeast(string option, int value, int least, string more = "") =>
        Require(value >= least, option, value, $"must be at least {least}.{more}");

    /// <summary>A number is above 0 and finite.</summary>
    public static void Positive(string option, double value) =>
        Require(value > 0 && double.IsFinite(value), option, value, "must be a number above 0.");

    /// <summary>A share that is left out lies from 0 to below 1.</summary>
    public static void Share(string option, double value) => Require(value is >= 0 and < 1, option, value, "must be at least 0 and below 1.");

    /// <summary>A value is one of those that its type names.</summary>
    public static void Known<T>(string option, T value)
        where T : struct, Enum => Require(Enum.IsDefined(value), option, value, "is not one of its values.");

    /// <exception cref="InvalidOptionException">The rule does not hold.</exception>
    public static void Require(bool holds, string option, object? value, string rule)
    {
        if (!holds)
        {
            throw new InvalidOptionException(option, value, rule);
        }
    }

    private static void CheckSchedule(string? schedule)
    {
        try
        {
            _ = schedule is null ? null : LearningRateSchedule.Parse(schedule);
        }
        catch (FormatException e)
        {
            throw new InvalidOptionException("--schedule", schedule, e.Message);
        }
    }

    private static void CheckUnits(IReadOnlyList<int> units)
    {
        const int most = 1 << 20;
        Require(units.Count > 0, "--units", "", "needs at least one number: the units of each layer, such as 50,50.");
        foreach (int count in units)
        {
            Require(count is >= 1 and <= most, "--units", string.Join(',', units), $"each layer needs 1 to {most} units.");
        }
    }
}
