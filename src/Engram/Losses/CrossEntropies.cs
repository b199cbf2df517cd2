using Engram.Backends;
using Engram.Losses;

namespace Engram;

/// <content>Cross-entropies.</content>
public abstract partial class Loss
{
    /// <summary>
    /// Binary cross-entropy, −t log p − (1 − t) log(1 − p) with p = σ(x), the mean over all elements: each output is a yes or no of its
    /// own. Targets have the shape of the predictions and lie in 0 … 1; another number is an <see cref="ArgumentException"/> that names its place.
    /// </summary>
    /// <param name="options">Probabilities instead of logits, weights, smoothing (t' = (1 − s) t + s/2); defaults where not given.</param>
    /// <exception cref="ArgumentException">There are class weights, but not two.</exception>
    public static Loss BinaryCrossEntropy(CrossEntropyOptions? options = null)
    {
        if (options?.ClassWeights is { Count: not 2 } weights)
        {
            throw new ArgumentException($"The binary loss takes two class weights, that of 0 and of 1, but {weights.Count} were given.", nameof(options));
        }
        return CrossEntropy("binary_cross_entropy", LossKind.BinaryCrossEntropy, options, TargetForm.Shares);
    }

    /// <summary>
    /// Cross-entropy of one class out of several, −Σ tₖ log pₖ with p = softmax(x) over the last dimension, the mean over all rows.
    /// Targets have the shape of the predictions: a probability for each class, one-hot or soft. A number outside 0 … 1 is an
    /// <see cref="ArgumentException"/> that names its place; targets on masked steps are not looked at.
    /// </summary>
    /// <param name="options">Probabilities instead of logits, weights, smoothing (t' = (1 − s) t + s/C); defaults where not given.</param>
    public static Loss CategoricalCrossEntropy(CrossEntropyOptions? options = null) =>
        CrossEntropy("categorical_cross_entropy", LossKind.CategoricalCrossEntropy, options, TargetForm.Shares);

    /// <summary>
    /// The same with class ids as targets, −log p_y: whole numbers 0 … C − 1, one for each row, so [batch] for predictions [batch, C] and
    /// [batch, time] for [batch, time, C]; a last dimension of 1 may stand behind. No one-hot array is made. An id that is no whole
    /// number or out of range is an <see cref="ArgumentException"/> that names its place; ids on masked steps are not looked at.
    /// </summary>
    /// <param name="options">Probabilities instead of logits, weights, smoothing; defaults where not given.</param>
    public static Loss SparseCategoricalCrossEntropy(CrossEntropyOptions? options = null) =>
        CrossEntropy("sparse_categorical_cross_entropy", LossKind.SparseCrossEntropy, options, TargetForm.ClassId);

    private static KernelLoss CrossEntropy(string name, LossKind kind, CrossEntropyOptions? options, TargetForm target)
    {
        options ??= new CrossEntropyOptions();
        return new KernelLoss(name, new LossSpec(kind)
        {
            Target = target,
            FromProbabilities = options.FromProbabilities,
            Smoothing = options.LabelSmoothing,
            Values = options.ClassWeights is { } weights ? [.. weights] : null,
        });
    }
}
