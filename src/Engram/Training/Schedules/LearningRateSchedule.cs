using System.Globalization;

namespace Engram.Training;

/// <summary>Where training stands, for a schedule.</summary>
/// <param name="EpochsDone">Epochs before the batch at hand, with the part of its own epoch that is done: 2.5 in the middle of the third.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="BatchesPerEpoch">Batches to an epoch.</param>
/// <param name="History">The epochs that are done.</param>
public readonly record struct TrainingPosition(double EpochsDone, double Epochs, int BatchesPerEpoch, History History)
{
    /// <summary>The epoch at hand, from 1.</summary>
    public int Epoch => (int)Math.Floor(EpochsDone) + 1;
}

/// <summary>
/// How the learning rate η changes while <c>Fit</c> trains (<see cref="FitOptions.Schedule"/>): a function of the rate that the optimizer
/// came with, η₀, and of where training stands. It keeps nothing, so a resumed run goes on with the rates of the uncut one. When
/// training ends the optimizer has η₀ again.
/// </summary>
public abstract partial class LearningRateSchedule
{
    /// <summary>η₀ throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new Function("constant", (initial, _) => initial);

    /// <summary>The rate of a batch, above 0; <c>Fit</c> takes 0 for the least there is, and ends by <see cref="InvalidOperationException"/> where it is negative or no finite number.</summary>
    /// <param name="initialRate">η₀.</param>
    /// <param name="position">Where training stands.</param>
    public abstract double RateAt(double initialRate, in TrainingPosition position);

    /// <summary>
    /// Whether the rates of the first epochs depend on how many there are in all; false by default. A run is then resumed only with as
    /// many.
    /// </summary>
    public virtual bool RunsOverAllEpochs => false;

    private static double Factor(double factor, string name) => factor > 0 && factor <= 1 ? factor
        : throw new ArgumentOutOfRangeException(name, factor, "A factor of the learning rate is above 0 and at most 1.");

    private static double Minimum(double rate, string name) => rate >= 0 && double.IsFinite(rate) ? rate
        : throw new ArgumentOutOfRangeException(name, rate, "The least learning rate is a number of 0 or more.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A schedule that is a formula, with the text that <see cref="Parse"/> makes it of.</summary>
    private sealed class Function(string text, Func<double, TrainingPosition, double> rate, bool runsOverAllEpochs = false) : LearningRateSchedule
    {
        public override bool RunsOverAllEpochs => runsOverAllEpochs;

        public override double RateAt(double initialRate, in TrainingPosition position) => rate(initialRate, position);

        public override string ToString() => text;
    }
}
