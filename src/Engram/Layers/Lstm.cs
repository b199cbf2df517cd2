using System.Text.Json;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <summary>
/// Long short-term memory (Hochreiter &amp; Schmidhuber 1997) with forget gates (Gers et al. 2000). For each step t
/// <code>
///   i = σ(W_i x + U_i h + b_i)        input gate
///   f = σ(W_f x + U_f h + b_f)        forget gate
///   g = tanh(W_g x + U_g h + b_g)     candidate
///   o = σ(W_o x + U_o h + b_o)        output gate
///   c' = f ⊙ c + i ⊙ g                cell state
///   h' = o ⊙ tanh c'                  hidden state, the output
/// </code>
/// <see cref="Variant"/> tells of other equations. Weights: <c>kernel</c> W [features, 4 · units], <c>recurrent_kernel</c> U [units, 4 · units] and
/// <c>bias</c> [4 · units], in column blocks i, f, g, o.
/// </summary>
/// <inheritdoc/>
public sealed class Lstm : RecurrentLayer
{
    /// <summary>A layer of so many units.</summary>
    /// <param name="units">Size of the cell state, 1 … 1,048,576.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer units than one, or too many.</exception>
    public Lstm(int units)
        : base(units)
    {
    }

    /// <summary>Which equations the layer computes; <see cref="LstmVariant.Standard"/> by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such variant.</exception>
    public LstmVariant Variant
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Variant), value, "There is no such variant.");
    }

    /// <summary>
    /// The forget gate's bias before training: 1 by default, so that the cell remembers until it learns to forget
    /// (Jozefowicz et al. 2015). Without meaning where the gates are coupled.
    /// </summary>
    public float ForgetBias { get; init; } = 1;

    /// <summary>
    /// The input gate's bias before training: 0 by default. Below 0 keeps out from the start what has not been found to matter (Hochreiter &amp; Schmidhuber
    /// 1997); where the gates are coupled it keeps what is remembered at once.
    /// </summary>
    public float InputBias { get; init; }

    /// <summary>
    /// Size of a projection of the hidden state (LSTMP, Sak et al. 2014): h' = P (o ⊙ tanh c') with <c>projection</c> P [units, this]; it is
    /// what goes out and what the recurrent product sees. 1 … units − 1; 0, the default, is no projection.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or not below the units.</exception>
    public int Projection
    {
        get;
        init => field = value >= 0 && value < Units ? value
            : throw new ArgumentOutOfRangeException(nameof(Projection), value, $"A projection is smaller than the {Units} units; 0 is none.");
    }

    /// <summary>
    /// Zoneout of the cell state, as <see cref="RecurrentLayer.Zoneout"/> is of the hidden state. In [0, 1), 0 by default.
    /// </summary>
    public double CellZoneout { get; init => field = Rate(value, nameof(CellZoneout)); }

    /// <inheritdoc/>
    public override int OutputSize => Projection > 0 ? Projection : Units;

    /// <inheritdoc/>
    public override string Kind => "lstm";

    private protected override RecurrentCell Cell => Variant switch
    {
        LstmVariant.Peephole => RecurrentCell.PeepholeLstm,
        LstmVariant.Coupled => RecurrentCell.CoupledLstm,
        LstmVariant.LayerNorm => RecurrentCell.LayerNormLstm,
        _ => RecurrentCell.Lstm,
    };

    private protected override double CellZoneoutRate => CellZoneout;

    private protected override Initializer BiasInitializer => Variant == LstmVariant.Coupled
        ? new RowInitializer(Units, (0, InputBias)) : new RowInitializer(Units, (0, InputBias), (1, ForgetBias));

    private protected override (string Role, Initializer Initializer) Vectors => Variant == LstmVariant.LayerNorm
        ? ("normalization", new RowInitializer(Units, (0, 1), (1, 1), (2, 1), (3, 1), (4, InputBias), (5, ForgetBias), (8, 1)))
        : ("peepholes", Initializer.Zeros);

    /// <summary>Applies the layer from a given state and returns the state after the last step beside the output.</summary>
    /// <param name="pass">The pass that owns the results.</param>
    /// <param name="input">[batch, time, features]</param>
    /// <param name="initial">The state before the first step; zeros where not given.</param>
    /// <exception cref="ShapeException">Input or state do not fit the layer.</exception>
    public (Tensor Output, LstmState State) Apply(Pass pass, Tensor input, LstmState? initial)
    {
        ArgumentNullException.ThrowIfNull(pass);
        (Tensor output, Tensor hidden, Tensor cell) = Walk(pass, input, initial?.Hidden ?? default, initial?.Cell ?? default);
        return (Finish(pass, output), new LstmState(hidden, cell));
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        base.WriteOptions(json);
        if (Variant != LstmVariant.Standard)
        {
            json.WriteString("variant", Variant.ToString());
        }
        WriteWhere(json, "projection", Projection);
        WriteWhere(json, "cellZoneout", CellZoneout);
    }
}
