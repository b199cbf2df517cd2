namespace Engram.Backends;

/// <content>Chains of tags: potentials are [batch, time, tags, tags]; a mask, where there is one, tells the real steps.</content>
internal partial interface IBackend
{
    /// <summary>ψ from scores of tags [batch, time, tags], transitions [tags, tags], and scores of the first and the last tag [tags].</summary>
    void ChainPotentials(Storage emissions, in ChainScores<Storage> scores, Shape shape, SequenceMask? mask, Storage potentials);

    /// <summary>The way back; every target may be absent.</summary>
    void ChainPotentialsBackward(Storage dPotentials, Shape shape, SequenceMask? mask, GradientTarget dEmissions, in ChainScores<GradientTarget> dScores);

    /// <summary>
    /// Σ (log Z − s(y)) over the sequences, in an order that depends on their number alone; of a sequence without real steps 0.
    /// </summary>
    /// <param name="potentials">ψ.</param>
    /// <param name="paths">y, [batch, time]; null where s(y) is left out.</param>
    /// <param name="shape">The potentials' shape.</param>
    /// <param name="mask">Which steps are real.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    /// <param name="gradient">Receives the sum's gradient with respect to ψ: without paths the probability of each pair of tags. Null where none is wanted.</param>
    double ChainLoss(Storage potentials, Storage? paths, Shape shape, SequenceMask? mask, double scale, Storage? gradient);
}

/// <summary>What goes with the tags of a chain beside their scores at each step, or its gradients.</summary>
internal readonly record struct ChainScores<TArray>(TArray Transitions, TArray Start, TArray End);
