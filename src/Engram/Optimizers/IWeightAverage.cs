namespace Engram.Optimizers;

/// <summary>
/// Keeps averages of the weights beside those that are trained. Where it does, the averages stand in the model while it is measured
/// and saved, and when training has ended.
/// </summary>
internal interface IWeightAverage
{
    /// <summary>Whether there are averages yet.</summary>
    bool IsAveraging { get; }

    /// <summary>A training begins: forgets whatever an earlier one has left.</summary>
    void Forget();

    /// <summary>Exchanges a model's weights with their averages; a second time undoes the first, to the bit.</summary>
    void Swap(Model model);
}
