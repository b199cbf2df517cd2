using Engram.Data;

namespace Engram.Tasks;

/// <summary>How a <see cref="Forecaster"/> is trained. Every option has a default that serves most series.</summary>
public sealed record ForecastOptions
{
    /// <summary>
    /// The columns that hold the time: one, or several such as year, month, day, hour. Null, the default: the first column that holds
    /// times. Empty: none, rows are taken in their order.
    /// </summary>
    public IReadOnlyList<string>? Time { get; init; }

    /// <summary>
    /// Columns to predict from beside the target's own past, which is always an input: numbers, or words, which become a feature of 0
    /// and 1 for each different word. None by default.
    /// </summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>How many rows the network sees, 1 or more; 60 by default.</summary>
    public int Window { get; init; } = 60;

    /// <summary>How many rows ahead it predicts, all at once, 1 or more; 1 by default.</summary>
    public int Horizon { get; init; } = 1;

    /// <summary>The recurrent cell; LSTM by default.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>The units of each recurrent layer, first to last: one number or more, each 1 or more; 50, 50 by default.</summary>
    public IReadOnlyList<int> Units { get; init; } = [50, 50];

    /// <summary>How features are brought into a common range, fitted to the training part alone; to mean 0 and deviation 1 by default.</summary>
    public ScalerKind Scale { get; init; } = ScalerKind.Standard;

    /// <summary>
    /// What the network learns: the values, or their change from the last value or from the season before.
    /// <see cref="Differencing.Auto"/>, the default, takes of the three the one whose targets have the smallest root mean square on the
    /// training part, so that the network starts from the best of the simple forecasts. The choice is a note of the report.
    /// </summary>
    public Differencing Difference { get; init; } = Differencing.Auto;

    /// <summary>Share of a layer's outputs that is dropped while training, after each recurrent layer: 0, the default, to below 1.</summary>
    public double Dropout { get; init; }

    /// <summary>The most passes over the training part, 1 or more; 100 by default.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Windows to a training step, 1 or more; 32 by default.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>What changes the weights; Adam by default.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>The size of its steps, above 0; 0.001 by default.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>
    /// Share of the last step that the next one keeps, 0, the default, to below 1; for <see cref="OptimizerKind.Sgd"/> and
    /// <see cref="OptimizerKind.RmsProp"/>.
    /// </summary>
    public double Momentum { get; init; }

    /// <summary>Whether the momentum of <see cref="OptimizerKind.Sgd"/> is Nesterov's; needs one above 0. False by default.</summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// How the learning rate changes meanwhile, as <see cref="Training.LearningRateSchedule.Parse"/> reads it: <c>cosine</c>, <c>halve-after:4</c>.
    /// Null, the default: not at all.
    /// </summary>
    public string? Schedule { get; init; }

    /// <summary>
    /// Decoupled weight decay, 0 or more: weights shrink by this times the learning rate at every step. Null, the default: the optimizer's
    /// own, 0.01 for <see cref="OptimizerKind.AdamW"/> and none for the others.
    /// </summary>
    public double? WeightDecay { get; init; }

    /// <summary>The largest norm of a step's gradient, above 0; a longer one is shortened to it. Null, the default: no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>
    /// The newest share of the rows, which is never trained on and gives the scores: above 0 and below 1; 0.2 by default.
    /// Not used where <see cref="TestTable"/> is given.
    /// </summary>
    public double Test { get; init; } = 0.2;

    /// <summary>Another table of the same columns to score on, which follows the first in time. Null, the default: none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Table? TestTable { get; init; }

    /// <summary>
    /// The newest share of the rows that are left for training, on which the best epoch is chosen: 0 to below 1; 0.1 by default.
    /// With 0 the training loss chooses it.
    /// </summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>
    /// Epochs without a smaller validation loss after which training ends; 10 by default. 0 trains all epochs. Either way the weights
    /// of the best epoch are kept.
    /// </summary>
    public int Patience { get; init; } = 10;

    /// <summary>
    /// Rows to a season, 2 or more, for the seasonal baseline and seasonal differences; 0: no season. Null, the default: 24 for hourly,
    /// 7 for daily, 5 for business-daily, 12 for monthly data, else none.
    /// </summary>
    public int? Season { get; init; }

    /// <summary>
    /// Whether, once the scores are known, the network is trained anew on all rows, validation and test included, for as many epochs
    /// as were best. False by default.
    /// </summary>
    public bool Refit { get; init; }

    /// <summary>Where first weights, shuffling and dropout are drawn from; 0 by default.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// First weights uniform in ± this number, 0 or more, instead of Glorot's and orthogonal ones. Null, the default: those.
    /// </summary>
    public double? InitialRange { get; init; }

    /// <summary>
    /// The forget gates' bias before training, any number; 1 by default (Jozefowicz et al. 2015). A cell without a forget gate takes no other:
    /// GRU, RNN, coupled.
    /// </summary>
    public double ForgetBias { get; init; } = 1;

    /// <summary>
    /// Training ends with the first batch that is done after this time, above zero; the weights are the best of the epochs that were done. Null, the
    /// default: no limit.
    /// </summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Checks every option by itself; what depends on the data is checked when it is known.</summary>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public void Validate() => ForecastOptionsCheck.Check(this);
}
