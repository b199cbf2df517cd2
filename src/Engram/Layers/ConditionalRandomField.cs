using Engram.Layers;

namespace Engram;

/// <summary>
/// A linear-chain conditional random field on top of a tagger (Lafferty et al. 2001; after a bidirectional LSTM Huang et al. 2015): scores of tags at each step
/// [batch, time, tags] become scores of pairs of neighbouring tags [batch, time, tags, tags],
/// <code>
///   ψ_t(i, j) = e_t(j) + A(i, j)        e_t(j) + b(j) at the first real step        and c(j) besides at the last
/// </code>
/// Weights: <c>transitions</c> A [tags, tags] from tag i to tag j, <c>start</c> b and <c>end</c> c [tags], all zero at first. Train with
/// <see cref="Loss.ConditionalRandomField"/>; <see cref="Viterbi"/> finds the best path of tags in what the model predicts.
/// </summary>
/// <remarks>
/// It takes any scores, so that the layer before it is a <see cref="Dense"/> without activation. Over steps that a mask leaves out the chain goes on from the real
/// step before. An activity regularizer would see the pairs; set it on the layer before.
/// </remarks>
public sealed class ConditionalRandomField : Layer
{
    private Parameter _transitions = null!, _start = null!, _end = null!;

    /// <inheritdoc/>
    public override string Kind => "conditional-random-field";

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "its best path depends on the whole sequence";

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.ChainPotentials(input, pass.Use(_transitions), pass.Use(_start), pass.Use(_end));
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input) => RequireSequences(input);

    /// <inheritdoc/>
    protected override void Build(Shape input)
    {
        int tags = input[^1];
        _transitions = AddParameter("transitions", new Shape(tags, tags), Initializer.Zeros);
        _start = AddParameter("start", new Shape(tags), Initializer.Zeros);
        _end = AddParameter("end", new Shape(tags), Initializer.Zeros);
    }

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        int tags = input[^1];
        weights.Add(this, "transitions", tags, tags);
        weights.Add(this, "start", tags);
        weights.Add(this, "end", tags);
        return new Shape(input[0], tags, tags);
    }
}
