using Engram.Training;

namespace Engram.Tasks;

/// <summary>How a network is trained, whatever its task. Every option has a default that serves most data of the task.</summary>
public abstract record TrainingOptions
{
    /// <summary>The recurrent cell; LSTM by default.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>The units of each recurrent layer, first to last: one number or more, each 1 or more.</summary>
    public IReadOnlyList<int> Units { get; init; } = [64];

    /// <summary>Share of a layer's outputs that is dropped while training, after each recurrent layer: 0, the default, to below 1.</summary>
    public double Dropout { get; init; }

    /// <summary>The most passes over the training part, 1 or more.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Samples to a training step, 1 or more; 32 by default.</summary>
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

    /// <summary>The largest norm of a step's gradient, above 0; a longer one is shortened to it. Null: no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The share of the data that is never trained on and gives the scores: above 0 and below 1; 0.2 by default. Not used where test data are given.</summary>
    public double Test { get; init; } = 0.2;

    /// <summary>
    /// The share of what is left for training on which the best epoch is chosen: 0 to below 1; 0.1 by default. With 0 the training loss chooses it.
    /// </summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>
    /// Epochs without a smaller validation loss after which training ends. 0 trains all epochs. Either way the weights
    /// of the best epoch are kept.
    /// </summary>
    public int Patience { get; init; } = 10;

    /// <summary>
    /// How fast the averages of the weights forget, 0 to below 1: 0.999 is a memory of about a thousand steps. What is scored and kept are the averages. 0, the
    /// default: none.
    /// </summary>
    public double Average { get; init; }

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

    /// <summary>Whether the data to score on are given, so that <see cref="Test"/> does not count.</summary>
    internal abstract bool HasTestData { get; }

    /// <summary>The first values of a weight: in ± <see cref="InitialRange"/> where that is given, else the layer's usual ones.</summary>
    internal Initializer First(Initializer usual) => InitialRange is { } range ? Initializer.Uniform((float)range) : usual;

    /// <summary>Files that training reads beside the data; null where one is not given.</summary>
    internal virtual IEnumerable<string?> Files => [];

    /// <summary>The same options, their files told so that they can be found again from another folder.</summary>
    internal virtual TrainingOptions WithFullPaths() => this;

    /// <summary>What must be the same where a run goes on: all but how long it trains, and where files lie.</summary>
    internal virtual TrainingOptions Comparable() => this with { Epochs = RunsOverAllEpochs ? Epochs : 1, TimeLimit = null };

    /// <summary>Whether another number of epochs would be another course of the learning rate from the first batch on.</summary>
    private bool RunsOverAllEpochs
    {
        get
        {
            try
            {
                return Schedule is { } schedule && LearningRateSchedule.Parse(schedule).RunsOverAllEpochs;
            }
            catch (FormatException)
            {
                return false; // Validate refuses it.
            }
        }
    }

    /// <summary>Checks every option by itself; what depends on the data is checked when it is known.</summary>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public abstract void Validate();
}
