namespace Engram.Autograd;

/// <summary>
/// One application of an operation in a pass: its forward method has computed the result and left in the fields what the way back
/// needs. Ops are used again pass after pass, so that a steady training step allocates nothing; <see cref="Forget"/> clears them.
/// </summary>
internal abstract class Op
{
    /// <summary>What a profile calls the operation, on both ways.</summary>
    public (string Name, ProfileCategory Category) Span { get; set; }

    /// <summary>From the gradient of the result to those of the inputs.</summary>
    public abstract void Backward(Pass pass);

    /// <summary>Drops references and gives memory back, when the pass ends.</summary>
    public abstract void Forget();
}
