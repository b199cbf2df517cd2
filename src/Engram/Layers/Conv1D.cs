using System.Text.Json;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <summary>
/// Convolution over time with stride 1: [batch, time, features] to [batch, steps, filters]
/// <code>
///   y_t = φ(Σ_k W_k x_{t − before + k · dilation} + b),   k = 0 … size − 1
/// </code>
/// Beyond the ends it reads zeros, see <see cref="Engram.Padding"/>, and so it does at masked steps. With padding the output keeps the time
/// axis and its mask; without, a step is real whose whole window is. Weights: <c>kernel</c> W [size, features, filters] and <c>bias</c> b [filters].
/// </summary>
public sealed class Conv1D : Layer
{
    private readonly PackedCache _packed = new();
    private Parameter _kernel = null!;
    private Parameter? _bias;

    /// <summary>A layer of so many filters.</summary>
    /// <param name="filters">Size of the output at every step, at least 1.</param>
    /// <param name="size">Steps that a filter reads, at least 1.</param>
    /// <param name="activation">φ; <see cref="Activation.Linear"/> by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Conv1D(int filters, int size, Activation activation = Activation.Linear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (Filters, Size, Activation) = (filters, size, activation);
    }

    /// <summary>Size of the output at every step.</summary>
    public int Filters { get; }

    /// <summary>Steps that a filter reads.</summary>
    public int Size { get; }

    /// <summary>φ.</summary>
    public Activation Activation { get; }

    /// <summary>What is read beyond the ends; nothing, <see cref="Padding.Valid"/>, by default.</summary>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>
    /// Distance from one step that a filter reads to the next, at least 1; 1 by default. The whole window, 1 + (size − 1) · dilation steps,
    /// is as long as a sequence can be, 2³¹ − 1 steps, or shorter.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1, or so large that the window is longer than a sequence can be.</exception>
    public int Dilation
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Dilation));
            TimeWindows.RequireReach(Size, value, nameof(Dilation));
            field = value;
        }
    } = 1;

    /// <summary>Whether there is a b. True by default.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>First values of W; <see cref="Initializer.GlorotUniform"/> by default.</summary>
    public Initializer KernelInitializer { get; init; } = Initializer.GlorotUniform;

    /// <inheritdoc/>
    public override string Kind => "conv1d";

    internal override Activation OutputActivation => Activation;

    /// <summary>Steps from the first that a filter reads to the last.</summary>
    private int Reach => (Size - 1) * Dilation;

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor bias = _bias is null ? default : pass.Use(_bias);
        return pass.Activate(pass.Linear(pass.Unfold(input, Size, Dilation, Padding), pass.Use(_kernel), bias, _packed), Activation);
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        RequireSequences(input);
        if (Padding == Padding.Valid && input[1] <= Reach)
        {
            ThrowShape($"at least {Reach + 1} steps, one window", input);
        }
    }

    /// <inheritdoc/>
    protected override void Build(Shape input)
    {
        _kernel = AddParameter("kernel", new Shape(Size, input[2], Filters), KernelInitializer);
        _bias = UseBias ? AddParameter("bias", new Shape(Filters), Initializer.Zeros) : null;
    }

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "it sees several steps at once";

    internal override bool NeedsAllSteps => Padding == Padding.Valid && Reach > 0;

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        weights.Add(this, "kernel", Size, input[1], Filters);
        if (UseBias)
        {
            weights.Add(this, "bias", Filters);
        }
        int steps = Padding == Padding.Valid ? input[0] - Reach : input[0];
        weights.RequireSample(new Shape(steps, Size, input[1]), $"what the filters of layer {DisplayName} read");
        return new Shape(steps, Filters);
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteNumber("filters", Filters);
        json.WriteNumber("size", Size);
        json.WriteNumber("dilation", Dilation);
        json.WriteString("padding", NameOf(Padding));
        json.WriteString("activation", ActivationLayer.NameOf(Activation));
        json.WriteBoolean("useBias", UseBias);
    }

    /// <summary>The padding's name in files.</summary>
    internal static string NameOf(Padding padding) => padding switch
    {
        Padding.Valid => "valid",
        Padding.Same => "same",
        Padding.Causal => "causal",
        _ => throw new ArgumentOutOfRangeException(nameof(padding), padding, "There is no such padding."),
    };
}
