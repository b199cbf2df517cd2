using Engram.Backends;

namespace Engram.Training;

/// <summary>How a learning rate is looked for.</summary>
public sealed class LearningRateFinderOptions
{
    /// <summary>The first, least rate, above 0; 1e-7 by default.</summary>
    public double From { get; init; } = 1e-7;

    /// <summary>The last, largest rate, above <see cref="From"/>; 10 by default.</summary>
    public double To { get; init; } = 10;

    /// <summary>Batches, each with a rate that is larger by the same factor, at least 3; 100 by default.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Samples to a batch; 32 by default: as many as training shall take.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Where shuffling, dropout and, in a model that has no weights yet, their first values are drawn from; 0 by default.</summary>
    public long Seed { get; init; }
}

/// <summary>What losses came of which learning rates.</summary>
/// <param name="Rates">The rates tried, rising; fewer than asked for where the loss ran away.</param>
/// <param name="Losses">The loss of each batch.</param>
/// <param name="Smoothed">The same, each the mean of those before with a memory of about 20 batches: what to draw.</param>
/// <param name="Suggestion">
/// The rate around which the smoothed loss falls fastest before its least value; null where it does not fall.
/// </param>
public sealed record LearningRateCurve(IReadOnlyList<double> Rates, IReadOnlyList<double> Losses, IReadOnlyList<double> Smoothed, double? Suggestion)
{
    /// <summary>What was tried and what is suggested, in short.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Rates.Count} rates{(Rates.Count == 0 ? "" : FormattableString.Invariant($" from {Rates[0]:G4} to {Rates[^1]:G4}"))}; {(Suggestion is { } rate ? FormattableString.Invariant($"{rate:G4} is suggested") : "none is suggested")}");
}

/// <summary>
/// Looks for a learning rate by trying them all (Smith 2017): a short training in which the rate rises from batch to batch, until the
/// loss runs away. The model and its optimizer are afterwards as they were; an optimizer that has trained another model forgets it, as in <c>Fit</c>.
/// </summary>
public static class LearningRateFinder
{
    private const double Memory = 0.95;

    /// <summary>A loss this many times the least tells that it has run away.</summary>
    private const double RunAway = 4;

    /// <summary>Tries rates on arrays.</summary>
    /// <param name="model">
    /// A compiled model. Where it has no weights yet they are made with <see cref="LearningRateFinderOptions.Seed"/>, and stay: a later <c>Fit</c> does not draw them anew
    /// with its own seed.
    /// </param>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets.</param>
    /// <param name="options">Which rates; defaults where not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled.</exception>
    /// <exception cref="TrainingDivergedException">The data are no finite numbers, or training with the least rate gives none.</exception>
    public static LearningRateCurve Run(Model model, Tensor x, Tensor y, LearningRateFinderOptions? options = null) =>
        Run(model, new ArraySource(x, y), options);

    /// <summary>Tries rates on samples that are made when they are needed.</summary>
    /// <inheritdoc cref="Run(Model, Tensor, Tensor, LearningRateFinderOptions?)"/>
    public static LearningRateCurve Run(Model model, ISampleSource samples, LearningRateFinderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new LearningRateFinderOptions();
        Check(options);
        Optimizer optimizer = model.Optimizer ?? throw new InvalidOperationException("Compile the model first: model.Compile(optimizer, loss).");
        model.BuildFor(samples, options.Seed);
        Storage[] weights = Copy(model);
        optimizer.Begin(model);
        Action restore = optimizer.Remember(model);
        using var recorder = new Recorder(options.Steps);
        try
        {
            model.Fit(samples, new FitOptions
            {
                Epochs = (options.Steps - 1) / ((samples.Count - 1) / options.BatchSize + 1) + 1,
                BatchSize = options.BatchSize,
                Seed = options.Seed,
                Schedule = new Rising(options),
                Callbacks = [recorder],
                Cancellation = recorder.Cancellation,
            });
        }
        catch (TrainingDivergedException divergence) when (recorder.Rates.Count > 0 && !divergence.IsOfData)
        {
            // That is where the curve ends.
        }
        finally
        {
            Restore(model, weights);
            restore();
        }
        return new LearningRateCurve(recorder.Rates, recorder.Losses, recorder.Smoothed, Suggest(recorder.Rates, recorder.Smoothed));
    }

    private static void Check(LearningRateFinderOptions options)
    {
        if (!(options.From > 0 && double.IsFinite(options.From)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.From, "The least learning rate is a number above 0.");
        }
        if (!(options.To > options.From && double.IsFinite(options.To)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.To, "The largest learning rate is above the least.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 3, nameof(options) + "." + nameof(options.Steps));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options) + "." + nameof(options.BatchSize));
    }

    /// <summary>
    /// The place before the least smoothed loss around which it falls fastest, over a fifth of the curve, since the loss of single
    /// batches jumps about; rates lie evenly on a logarithmic scale.
    /// </summary>
    private static double? Suggest(List<double> rates, List<double> losses)
    {
        int end = losses.Count == 0 ? 0 : losses.IndexOf(losses.Min()), width = Math.Max(1, losses.Count / 10), best = -1;
        double steepest = 0;
        for (int i = width; i < end; i++)
        {
            int last = Math.Min(i + width, end);
            double slope = (losses[last] - losses[i - width]) / (last - i + width);
            if (slope < steepest)
            {
                (steepest, best) = (slope, i);
            }
        }
        return best < 0 ? null : rates[best];
    }

    private static Storage[] Copy(Model model)
    {
        IBackend backend = model.Device.Backend;
        Storage[] copies = new Storage[model.Parameters.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            long count = model.Parameters[i].Shape.Count;
            copies[i] = backend.Rent(count);
            backend.Copy(model.Parameters[i].Value, copies[i], count);
        }
        return copies;
    }

    private static void Restore(Model model, Storage[] copies)
    {
        for (int i = 0; i < copies.Length; i++)
        {
            model.Parameters[i].Exchange(copies[i]);
            model.Parameters[i].HasGradient = false;
            model.Device.Backend.Return(copies[i]);
        }
    }

    /// <summary>η = from · (to / from)^(k / (K − 1)) for batch k of K.</summary>
    private sealed class Rising(LearningRateFinderOptions options) : LearningRateSchedule
    {
        public override double RateAt(double initialRate, in TrainingPosition position)
        {
            double batch = Math.Round(position.EpochsDone * position.BatchesPerEpoch);
            return options.From * Math.Pow(options.To / options.From, Math.Min(1, batch / (options.Steps - 1)));
        }
    }

    private sealed class Recorder(int steps) : Callback, IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private double _mean;

        public List<double> Rates { get; } = [];

        public List<double> Losses { get; } = [];

        public List<double> Smoothed { get; } = [];

        public CancellationToken Cancellation => _source.Token;

        public override void OnBatchEnd(TrainingContext context, in FitProgress progress)
        {
            Rates.Add(context.Model.Optimizer!.LearningRate);
            Losses.Add(progress.BatchLoss);
            _mean = Memory * _mean + (1 - Memory) * progress.BatchLoss;
            Smoothed.Add(_mean / (1 - Math.Pow(Memory, Losses.Count))); // without the zero that the mean began with
            // A likelihood may be below zero, so that the bound is taken from where the loss began.
            double least = Smoothed.Min(), bound = Smoothed[0] + (RunAway - 1) * Math.Max(Math.Abs(least), Smoothed[0] - least);
            if (Losses.Count >= steps || Smoothed[^1] > bound)
            {
                _source.Cancel();
            }
        }

        public void Dispose() => _source.Dispose();
    }
}
