namespace Engram;

/// <content>Penalties.</content>
public static partial class Operations
{
    /// <summary>
    /// The sum of all penalties of this pass, of rank 0: of weights that took part and have a <see cref="Regularizer"/>, and of layers' outputs
    /// (<see cref="Layer.ActivityRegularizer"/>); 0 where there is none. <c>Fit</c> adds it to the loss by itself; a loop of one's own does so as
    /// <c>pass.Backward(pass.Add(loss, pass.Penalty()))</c>. There are penalties only where gradients are recorded.
    /// </summary>
    public static Tensor Penalty(this Pass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor sum = Sum(pass, Sum(pass, default, pass.WeightPenalties), pass.ActivityPenalties);
        return sum.Exists ? sum : pass.Input([0], default);
    }

    private static Tensor Sum(Pass pass, Tensor sum, List<Tensor> penalties)
    {
        foreach (Tensor penalty in penalties)
        {
            sum = sum.Exists ? pass.Add(sum, penalty) : penalty;
        }
        return sum;
    }
}
