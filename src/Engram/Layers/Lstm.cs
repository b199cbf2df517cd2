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
/// Takes [batch, time, features]; gives [batch, units], the last hidden state, or with <see cref="ReturnSequences"/> all of them,
/// [batch, time, units]. Weights: <c>kernel</c> W [features, 4 · units], <c>recurrent_kernel</c> U [units, 4 · units] and <c>bias</c>
/// [4 · units], in column blocks i, f, g, o.
/// </summary>
public sealed class Lstm : Layer
{
    private readonly RecurrentCache _cache = new();
    private Parameter _kernel = null!, _recurrentKernel = null!, _bias = null!;

    /// <summary>A layer of so many units.</summary>
    /// <param name="units">Size of the hidden state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one unit.</exception>
    public Lstm(int units)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        Units = units;
    }

    /// <summary>Size of the hidden state.</summary>
    public int Units { get; }

    /// <summary>Whether the output is every hidden state instead of the last. False by default.</summary>
    public bool ReturnSequences { get; init; }

    /// <summary>
    /// The forget gate's bias before training: 1 by default, so that the cell remembers until it learns to forget
    /// (Jozefowicz et al. 2015).
    /// </summary>
    public float ForgetBias { get; init; } = 1;

    /// <summary>First values of W; <see cref="Initializer.GlorotUniform"/> by default.</summary>
    public Initializer KernelInitializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>First values of U; <see cref="Initializer.Orthogonal"/> by default.</summary>
    public Initializer RecurrentInitializer { get; init; } = Initializer.Orthogonal;

    /// <inheritdoc/>
    public override string Kind => "lstm";

    /// <summary>Applies the layer from a given state and returns the state after the last step beside the output.</summary>
    /// <param name="pass">The pass that owns the results.</param>
    /// <param name="input">[batch, time, features]</param>
    /// <param name="initial">The state before the first step; zeros where not given.</param>
    /// <exception cref="ShapeException">Input or state do not fit the layer.</exception>
    public (Tensor Output, LstmState State) Apply(Pass pass, Tensor input, LstmState? initial)
    {
        ArgumentNullException.ThrowIfNull(pass);
        input = pass.Input(input);
        EnsureBuilt(pass, input.Shape);
        Tensor hidden = default, cell = default;
        if (initial is { } state)
        {
            hidden = CheckState(pass.Input(state.Hidden), "hidden", input);
            cell = CheckState(pass.Input(state.Cell), "cell", input);
        }
        var spec = new RecurrentSpec(RecurrentCell.Lstm, input.Shape[2], Units, ReturnSequences);
        (Tensor output, Tensor finalHidden, Tensor finalCell) = pass.Recurrent(
            spec, input, hidden, cell, pass.Use(_kernel), pass.Use(_recurrentKernel), pass.Use(_bias), _cache, DisplayName);
        return (output, new LstmState(finalHidden, finalCell));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input) => Apply(pass, input, null).Output;

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (input.Rank != 3)
        {
            ThrowShape("[batch, time, features]", input);
        }
        if (input[1] == 0 || input[2] == 0)
        {
            ThrowShape("at least one time step and one feature", input);
        }
    }

    /// <inheritdoc/>
    protected override void Build(Shape input)
    {
        _kernel = AddParameter("kernel", new Shape(input[2], 4 * Units), KernelInitializer);
        _recurrentKernel = AddParameter("recurrent_kernel", new Shape(Units, 4 * Units), RecurrentInitializer);
        _bias = AddParameter("bias", new Shape(4 * Units), new LstmBias(Units, ForgetBias));
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteNumber("units", Units);
        json.WriteBoolean("returnSequences", ReturnSequences);
    }

    private Tensor CheckState(Tensor state, string which, Tensor input)
    {
        if (state.Shape != new Shape(input.Shape[0], Units))
        {
            ThrowShape($"a {which} state of shape [batch, units] = [{input.Shape[0]}, {Units}]", state.Shape);
        }
        return state;
    }

    /// <summary>Zeros, but for the forget gate.</summary>
    private sealed class LstmBias(int units, float forgetBias) : Initializer
    {
        public override void Fill(Span<float> values, Shape shape, RandomStream random)
        {
            values.Clear();
            values.Slice(units, units).Fill(forgetBias);
        }
    }
}
