using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <summary>
/// What stands behind a <see cref="Tensor"/>: either numbers that the garbage collector owns (<see cref="Host"/>), or memory of a
/// pass, which is used again for another tensor, under a new generation, once the pass has ended.
/// </summary>
internal sealed class TensorBody
{
    public Shape Shape;

    /// <summary>Numbers outside of any pass.</summary>
    public float[]? Host;

    /// <summary>Memory of a pass.</summary>
    public Storage? Storage;

    /// <summary>The pass that the memory belongs to.</summary>
    public Pass? Owner;

    /// <summary>Counts the lives of this body; a tensor of an earlier life is stale.</summary>
    public int Generation;

    /// <summary>What made the tensor, for messages.</summary>
    public string Operation = "";

    /// <summary>Whether the memory goes back to the pool with the pass: not so for a parameter's or a reshaped tensor's.</summary>
    public bool OwnsStorage;

    /// <summary>Whether a gradient flows through this tensor.</summary>
    public bool NeedsGradient;

    /// <summary>The loss's gradient with respect to this tensor, once something has been written there.</summary>
    public Storage? Gradient;

    /// <summary>Whether the gradient has been written to in this backward walk.</summary>
    public bool HasGradient;

    /// <summary>Which steps of [batch, time, …] are real; null where all are.</summary>
    public SequenceMask? Mask;

    /// <summary>Of embedded ids, what of [batch, time, size] is different.</summary>
    public DistinctRows? Distinct;

    /// <summary>Whether the user wants to see the gradient, of every step.</summary>
    public bool IsWatched;

    /// <summary>The parameter whose value this is.</summary>
    public Parameter? Parameter;
}
