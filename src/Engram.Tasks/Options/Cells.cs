namespace Engram.Tasks;

/// <summary>What is known of the recurrent cells to choose from.</summary>
internal static class Cells
{
    /// <summary>Every cell and its name on the command line and in files.</summary>
    public static IReadOnlyList<(string Name, CellKind Kind)> All { get; } =
    [
        ("lstm", CellKind.Lstm), ("gru", CellKind.Gru), ("gru-reset-before", CellKind.GruResetBefore), ("rnn", CellKind.Rnn), ("rnn-relu", CellKind.RnnRelu),
        ("peephole", CellKind.Peephole), ("coupled", CellKind.Coupled), ("layer-norm", CellKind.LayerNorm),
    ];

    /// <summary>The name of a cell.</summary>
    public static string NameOf(CellKind kind) => All.First(cell => cell.Kind == kind).Name;

    /// <summary>What a network of the cell is called among forecasts.</summary>
    public static string NetworkOf(CellKind kind) => kind switch
    {
        CellKind.Gru or CellKind.GruResetBefore => "GRU",
        CellKind.Rnn or CellKind.RnnRelu => "RNN",
        _ => "LSTM",
    };

    /// <summary>Whether the cell has a forget gate of its own, whose bias can be chosen.</summary>
    public static bool HasForgetGate(CellKind kind) => kind is CellKind.Lstm or CellKind.Peephole or CellKind.LayerNorm;

    /// <summary>A layer as the options want it.</summary>
    /// <param name="options">Which cell, its first weights and forget bias.</param>
    /// <param name="units">Its units.</param>
    /// <param name="sequences">Whether another recurrent layer follows.</param>
    /// <param name="weightDropout">Share of the recurrent weights that is left out while training.</param>
    /// <param name="activationPenalty">α of α‖h‖².</param>
    /// <param name="changePenalty">β of β‖hₜ − hₜ₋₁‖².</param>
    public static RecurrentLayer MakeLayer(TrainingOptions options, int units, bool sequences, double weightDropout = 0, double activationPenalty = 0, double changePenalty = 0) => options.Cell switch
    {
        CellKind.Gru or CellKind.GruResetBefore => new Gru(units)
        {
            ResetAfter = options.Cell == CellKind.Gru,
            ReturnSequences = sequences,
            WeightDropout = weightDropout,
            ActivityRegularizer = Penalty(activationPenalty),
            TemporalRegularizer = Penalty(changePenalty),
            KernelInitializer = options.First(Initializer.GlorotUniform),
            RecurrentInitializer = options.First(Initializer.Orthogonal),
        },
        CellKind.Rnn or CellKind.RnnRelu => new SimpleRnn(units, options.Cell == CellKind.Rnn ? Activation.Tanh : Activation.ReLU)
        {
            ReturnSequences = sequences,
            WeightDropout = weightDropout,
            ActivityRegularizer = Penalty(activationPenalty),
            TemporalRegularizer = Penalty(changePenalty),
            KernelInitializer = options.First(Initializer.GlorotUniform),
            RecurrentInitializer = options.First(Initializer.Orthogonal),
        },
        _ => new Lstm(units)
        {
            Variant = options.Cell switch
            {
                CellKind.Peephole => LstmVariant.Peephole,
                CellKind.Coupled => LstmVariant.Coupled,
                CellKind.LayerNorm => LstmVariant.LayerNorm,
                _ => LstmVariant.Standard,
            },
            ForgetBias = (float)options.ForgetBias,
            ReturnSequences = sequences,
            WeightDropout = weightDropout,
            ActivityRegularizer = Penalty(activationPenalty),
            TemporalRegularizer = Penalty(changePenalty),
            KernelInitializer = options.First(Initializer.GlorotUniform),
            RecurrentInitializer = options.First(Initializer.Orthogonal),
        },
    };

    private static Regularizer? Penalty(double factor) => factor > 0 ? Regularizer.L2(factor) : null;
}
