using System.Globalization;
using System.Text.RegularExpressions;
using Engram.Files;
using Engram.Training;

namespace Engram.Tests.Training;

/// <summary>
/// A run that is cut after any batch, by a cancellation that saves or by a crash that does not, and resumed, ends like the uncut one to the bit:
/// everything that its last checkpoint holds is compared, its logs too, and only times are left out.
/// </summary>
public sealed partial class ExactResumeTests
{
    private const int Epochs = 4, Samples = 24, BatchSize = 4, Batches = Samples / BatchSize;

    /// <summary>50 in the suite; scripts/check-reliability.sh asks for more.</summary>
    private static readonly int _cuts =
        int.Parse(Environment.GetEnvironmentVariable("ENGRAM_RESUME_CUTS") ?? "50", CultureInfo.InvariantCulture);

    private static readonly Tensor _x = Tensor.Normal(new RandomStream(1), Samples, 6, 2), _y = Tensor.Normal(new RandomStream(2), Samples, 1);
    private static readonly Tensor _steps = Tensor.Normal(new RandomStream(3), Samples, 6, 1);

    private static readonly (string Name, Func<Setup> Make)[] _setups =
    [
        ("adam, clipping, one cycle, dropout, early stopping", () => new Setup(
            Compiled(new Adam(0.02) { ClipNorm = 0.5 }, new Lstm(5) { RecurrentDropout = 0.2 }, new Dropout(0.2), new Dense(1)),
            new FitOptions { Schedule = LearningRateSchedule.OneCycle(0.05), Callbacks = [new EarlyStopping(2), new Counter()], ValidationData = (_x, _y) })),
        ("NT-ASGD on a plateau, penalties", () => new Setup(
            Compiled(new AveragedSgd(0.5) { NonMonotoneInterval = 1 }, new Gru(4) { KernelRegularizer = Regularizer.L2(0.01) }, new Dense(1)),
            new FitOptions { Schedule = LearningRateSchedule.ReduceOnPlateau(1, 0.5), Callbacks = [new EarlyStopping(9)], ValidationData = (_x, _y) })),
        ("truncated and carried states, RMSprop", () => new Setup(
            Compiled(new RmsProp(0.01, momentum: 0.5, centered: true), new Lstm(4) { ReturnSequences = true }, new Residual(new Gru(4) { ReturnSequences = true }), new Dense(1)),
            new FitOptions { Truncation = new TruncatedBackpropagation(2, 4), CarryState = true, Shuffle = false }, _steps)),
        ("carried states that start anew, zoneout, AdamW", () => new Setup(
            Compiled(new AdamW(0.02), new Lstm(4) { Zoneout = 0.1 }, new Dense(1)),
            new FitOptions { CarryState = true, Shuffle = false, Callbacks = [new EarlyStopping(int.MaxValue)] }, _y, starts: true)),
        ("exponential averages, Nadam", () => new Setup(
            Compiled(new Nadam(0.02), new SimpleRnn(6), new Dropout(0.3), new Dense(1)),
            new FitOptions { Callbacks = [WeightAveraging.Exponential(0.8), new EarlyStopping(9), new Counter()], ValidationData = (_x, _y) })),
        ("uniform averages, momentum, checkpoints every other epoch", () => new Setup(
            Compiled(new Sgd(0.05, 0.9, nesterov: true), new Lstm(4), new Dense(1)),
            new FitOptions { Callbacks = [WeightAveraging.Uniform(2)], CheckpointEpochs = 2, Schedule = LearningRateSchedule.WarmUp(1.5, LearningRateSchedule.Constant) })),
        ("gradual unfreezing, weight dropout, penalty of changes, a frozen layer", () => new Setup(
            Compiled(
                new Adam(0.02), new Dense(3) { IsTrainable = false }, new Lstm(4) { ReturnSequences = true, WeightDropout = 0.3, TemporalRegularizer = Regularizer.L2(0.1) }, new Gru(4), new Dense(1)),
            new FitOptions { Callbacks = [new GradualUnfreezing(), new Counter()] })),
        ("samples of several lengths that change with the epoch", () => new Setup(
            Compiled(new Adam(0.02), new Lstm(4), new Dropout(0.2), new Dense(1)), new FitOptions(), lengths: true)),
    ];

    public static TheoryData<int> Cuts => [.. Enumerable.Range(0, _cuts)];

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_run_cut_at_any_batch_ends_like_the_uncut_one(int number)
    {
        (string name, Func<Setup> make) = _setups[number % _setups.Length];
        var random = new RandomStream(number);
        using var folder = new TemporaryFolder();
        string uncut = folder.File("uncut"), cut = folder.File("cut");
        History expected = make().Fit(uncut, resume: false);

        // One or two cuts; the checkpoint within an epoch is 1 to 7 looks at the clock old.
        int cuts = 1 + (int)(random.Bits(0) % 2), left = 1 + (int)(random.Bits(1) % (Epochs * Batches - 1));
        var interval = TimeSpan.FromSeconds(1 + random.Bits(2) % 7);
        for (int i = 0; i < cuts; i++)
        {
            bool crash = random.Bits(10 + i) % 2 == 0;
            using var cancel = new CancellationTokenSource();
            try
            {
                make().Fit(cut, resume: i > 0, interval, _ =>
                {
                    if (--left == 0)
                    {
                        cancel.Cancel();
                        if (crash)
                        {
                            throw new InvalidTimeZoneException("the power is gone");
                        }
                    }
                }, cancel.Token);
            }
            catch (InvalidTimeZoneException)
            {
            }
            left = 1 + (int)(random.Bits(20 + i) % Batches);
        }
        History resumed = make().Fit(cut, resume: true, interval);

        Assert.Equal(expected.Stopped, resumed.Stopped);
        Assert.Equal(expected.Epochs.Select(Values), resumed.Epochs.Select(Values));
        Assert.Equal(Log(uncut), Log(cut));
        SafeTensorsFile one = SafeTensorsFile.Read(uncut), other = SafeTensorsFile.Read(cut);
        Assert.Equal(one.Metadata.Select(Timeless), other.Metadata.Select(Timeless));
        Assert.Equal(one.Tensors.Keys, other.Tensors.Keys);
        Assert.True(one.WeightsSha256 == other.WeightsSha256, $"{name}, cut {number}: another state");
        Assert.Equal(File.ReadAllBytes(uncut + ".weights"), File.ReadAllBytes(cut + ".weights"));
    }

    [Fact]
    public void A_cancelled_run_saves_the_batch_that_it_has_reached()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        int batches = 0;
        History history = _setups[0].Make().Fit(folder.File("c"), resume: false, Timeout.InfiniteTimeSpan, _ =>
        {
            if (++batches == Batches + 2)
            {
                cancel.Cancel();
            }
        }, cancel.Token);
        Assert.Equal((StopReason.Cancelled, 1), (history.Stopped, history.Epochs.Count));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("c"));
        Assert.Equal(("2", "8"), (file.Metadata["position.batches"], file.Metadata["steps"]));

        int seen = 0;
        _setups[0].Make().Fit(folder.File("c"), resume: true, progress: progress => seen += progress is { Epoch: 2, Batch: 3 } || seen > 0 ? 1 : 100);
        Assert.Equal(Batches * (Epochs - 1) - 2, seen);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3600, 1)]
    public void Within_an_epoch_checkpoints_follow_the_interval(int seconds, int expected)
    {
        using var folder = new TemporaryFolder();
        int files = 0;
        string before = "";
        _setups[5].Make().Fit(folder.File("c"), resume: false, TimeSpan.FromSeconds(seconds), progress: progress =>
        {
            string position = SafeTensorsFile.Read(folder.File("c")).Metadata["position.batches"];
            files += progress is { Epoch: 1, Batch: <= 3 } && position != before ? 1 : 0;
            before = position;
        });
        Assert.Equal(expected, files);
    }

    [Fact]
    public void A_callback_that_stops_now_leaves_the_epoch_for_a_resume()
    {
        using var folder = new TemporaryFolder();
        Setup setup = _setups[0].Make();
        History stopped = setup.With(new StopsAt(Batches + 3)).Fit(folder.File("c"), resume: false);
        Assert.Equal((StopReason.Callback, 1), (stopped.Stopped, stopped.Epochs.Count));
        History resumed = _setups[0].Make().With(new StopsAt(int.MaxValue)).Fit(folder.File("c"), resume: true);
        Assert.Equal(_setups[0].Make().Fit(folder.File("uncut"), resume: false).Epochs.Select(Values), resumed.Epochs.Select(Values));
    }

    [Theory]
    [InlineData("position.batches", "99")]
    [InlineData("position.batches", "-1")]
    [InlineData("position.seconds", "soon")]
    [InlineData("position.loss", "1 2")]
    [InlineData("position.loss", "1 2 x")]
    [InlineData("position.penalty", "1 2 3 4")]
    [InlineData("states", "lstm dense")]
    public void A_damaged_position_is_refused_by_name(string key, string value)
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        _setups[3].Make().Fit(folder.File("c"), resume: false, progress: _ => cancel.Cancel(), cancellation: cancel.Token);
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("c"));
        SafeTensorsFile.Write(folder.File("c"), [.. file.Tensors.Values], new Dictionary<string, string>(file.Metadata) { [key] = value });
        Assert.Contains($"«{key}»", Assert.Throws<ModelFileException>(() => _setups[3].Make().Fit(folder.File("c"), resume: true)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<Sequential>, FitOptions, Tensor> OtherRuns => new()
    {
        { "training data of SHA-256", () => Compiled(new Adam(), new Lstm(3), new Dense(1)), new FitOptions(), Tensor.Normal(new RandomStream(9), Samples, 1) },
        { "layers", () => Compiled(new Adam(), new Lstm(3), new Dense(1, Activation.Tanh)), new FitOptions(), _y },
        { "penalties", () => Compiled(new Adam(), new Lstm(3) { KernelConstraint = WeightConstraint.MaxNorm(2) }, new Dense(1)), new FitOptions(), _y },
        { "callbacks", () => Compiled(new Adam(), new Lstm(3), new Dense(1)), new FitOptions { Callbacks = [new EarlyStopping(3)] }, _y },
        { "shuffling on; this run has off", () => Compiled(new Adam(), new Lstm(3), new Dense(1)), new FitOptions { Shuffle = false }, _y },
    };

    [Theory]
    [MemberData(nameof(OtherRuns))]
    public void Other_data_layers_penalties_and_callbacks_are_refused(string told, Func<Sequential> make, FitOptions options, Tensor y)
    {
        using var folder = new TemporaryFolder();
        Compiled(new Adam(), new Lstm(3), new Dense(1)).Fit(_x, _y, new FitOptions { CheckpointPath = folder.File("c") });
        ArgumentException error = Assert.Throws<CheckpointMismatchException>(() => make().Fit(_x, y, new FitOptions
        {
            CheckpointPath = folder.File("c"), Resume = true, Callbacks = options.Callbacks, Shuffle = options.Shuffle,
        }));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -2)]
    public void Checkpoints_that_make_no_sense_are_refused(int epochs, int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Compiled(new Adam(), new Dense(1)).Fit(_x, _steps, new FitOptions
        {
            CheckpointEpochs = epochs, CheckpointInterval = TimeSpan.FromSeconds(seconds),
        }));

    private static Sequential Compiled(Optimizer optimizer, params Layer[] layers)
    {
        var model = new Sequential(layers);
        model.Compile(optimizer, Loss.MeanSquaredError, Metric.MeanAbsoluteError);
        return model;
    }

    private static string Values(EpochResult epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{epoch.Epoch} {epoch.LearningRate:R} {string.Join(' ', epoch.Values.Select(value => $"{value.Key} {value.Value:R}"))}");

    private static string[] Log(string path) => [.. File.ReadAllLines(path + ".csv").Select(line => line[..line.LastIndexOf(',')])];

    private static (string Key, string Value) Timeless(KeyValuePair<string, string> entry) => (entry.Key,
        entry.Key == "position.seconds" ? "" : Seconds().Replace(entry.Value, ""));

    [GeneratedRegex("\"seconds\":[^,]*,")]
    private static partial Regex Seconds();

    /// <summary>A run that can be started again and again, each time with nothing but its checkpoint to go by.</summary>
    private sealed class Setup(Sequential model, FitOptions options, Tensor? y = null, bool starts = false, bool lengths = false)
    {
        private readonly List<Callback> _more = [];

        public Setup With(Callback callback)
        {
            _more.Add(callback);
            return this;
        }

        public History Fit(string path, bool resume, TimeSpan? interval = null, Action<FitProgress>? progress = null, CancellationToken cancellation = default)
        {
            History history = model.Fit(lengths ? new OfLengths(null) : new Source(new ArraySource(_x, y ?? _y), starts), new FitOptions
            {
                Epochs = Epochs, BatchSize = BatchSize, Seed = 7, Shuffle = options.Shuffle, Schedule = options.Schedule,
                Truncation = options.Truncation, CarryState = options.CarryState, ValidationData = options.ValidationData,
                Callbacks = [.. options.Callbacks, .. _more, new CsvLog(path + ".csv")],
                CheckpointPath = path, Resume = resume, CheckpointEpochs = options.CheckpointEpochs,
                CheckpointInterval = interval ?? TimeSpan.FromMinutes(1), Clock = new SecondPerLook(),
                Cancellation = cancellation, Progress = progress is null ? null : new Synchronous(progress),
            });
            model.Save(path + ".weights");
            return history;
        }
    }

    private sealed class Source(ArraySource source, bool starts) : ISampleSource
    {
        public int Count => source.Count;

        public Shape InputShape => source.InputShape;

        public Shape TargetShape => source.TargetShape;

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets) => source.Read(samples, inputs, targets);

        public bool StartsSequence(int sample) => starts && sample % 7 == 3;
    }

    /// <summary>Samples of 1 to 6 steps, in every epoch with other noise.</summary>
    private sealed class OfLengths(RandomStream? noise) : ISampleSource
    {
        private readonly ArraySource _source = new(_x, _y);

        public int Count => Samples;

        public Shape InputShape => _source.InputShape;

        public Shape TargetShape => _source.TargetShape;

        public bool HasMask => true;

        public bool HasLengths => true;

        public int StepsOf(int sample) => 1 + sample % 6;

        public ISampleSource InEpoch(RandomStream random) => new OfLengths(random);

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
        {
            _source.Read(samples, inputs, targets);
            for (int i = 0; noise is { } random && i < inputs.Length; i++)
            {
                inputs[i] += 0.1f * random.Derive(samples[i / 12]).Normal(i % 12);
            }
        }

        public void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask)
        {
            for (int i = 0; i < mask.Length; i++)
            {
                mask[i] = i % 6 < StepsOf(samples[i / 6]);
            }
        }
    }

    /// <summary>A callback of a user's: its text comes back.</summary>
    private sealed class Counter : Callback
    {
        private int _batches;

        public override void OnBatchEnd(TrainingContext context, in FitProgress progress)
        {
            _batches++;
            Assert.Equal((progress.Epoch - 1) * Batches + progress.Batch, _batches);
        }

        public override string? SaveState() => _batches.ToString(CultureInfo.InvariantCulture);

        public override void RestoreState(string state) => _batches = int.Parse(state, CultureInfo.InvariantCulture);
    }

    private sealed class StopsAt(int batch) : Callback
    {
        private int _left = batch;

        public override void OnBatchEnd(TrainingContext context, in FitProgress progress)
        {
            if (--_left == 0)
            {
                context.StopNow();
            }
        }
    }

    private sealed class Synchronous(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }

    /// <summary>A clock that goes on by a second whenever it is looked at.</summary>
    private sealed class SecondPerLook : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _looks++;
    }
}
