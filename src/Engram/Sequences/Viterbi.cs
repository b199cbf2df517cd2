using System.Numerics.Tensors;
using Engram.Backends;

namespace Engram;

/// <summary>
/// Reads what a model predicts that ends with a <see cref="ConditionalRandomField"/>: scores ψ [batch, time, tags, tags] of pairs of neighbouring tags, of which
/// the first real step's stand in row 0.
/// </summary>
public static class Viterbi
{
    /// <summary>
    /// The best path of each sequence (Viterbi 1967), computed in double; of equally good ones that whose last tag, then the one before, … has the smaller number.
    /// <code>
    ///   δ_1(j) = ψ_1(0, j)        δ_t(j) = max_i δ_{t−1}(i) + ψ_t(i, j)        score = max_j δ_n(j)
    /// </code>
    /// </summary>
    /// <param name="potentials">ψ.</param>
    /// <param name="mask">Which steps are real; that of the tensor where not given, and all where it has none.</param>
    /// <param name="rules">Which tags may follow which; null, the default, where any may. Where no path keeps them the score is −∞.</param>
    /// <exception cref="ShapeException">The potentials are not [batch, time, tags, tags], or mask or rules do not fit them.</exception>
    public static TagPath[] Decode(Tensor potentials, SequenceMask? mask = null, TagRules? rules = null)
    {
        Shape shape = Require(potentials.Shape, mask ??= potentials.Mask);
        float[] values = potentials.ToArray();
        int size = (int)shape.WithoutFirst().Count;
        var paths = new TagPath[shape[0]];
        for (int row = 0; row < paths.Length; row++)
        {
            paths[row] = Decode(values.AsSpan(row * size, size), shape[1], shape[2], mask is null ? [] : mask.Pattern.Slice(row * shape[1], shape[1]), rules);
        }
        return paths;
    }

    /// <summary>The best path of one sequence.</summary>
    /// <param name="potentials">ψ of the sequence, [time, tags, tags] row-major.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="tags">Number of tags.</param>
    /// <param name="real">Which steps are real; empty where all are.</param>
    /// <param name="rules">Which tags may follow which; null where any may.</param>
    /// <exception cref="ShapeException">The numbers are not so many, or mask or rules do not fit them.</exception>
    public static TagPath Decode(ReadOnlySpan<float> potentials, int steps, int tags, ReadOnlySpan<bool> real = default, TagRules? rules = null)
    {
        if (potentials.Length != (long)steps * tags * tags || (!real.IsEmpty && real.Length != steps))
        {
            throw new ShapeException($"{potentials.Length} scores and a mask of {real.Length} do not fit {steps} steps of {tags} × {tags} tags.");
        }
        if (rules is not null && rules.Tags != tags)
        {
            throw new ShapeException($"The rules are about {rules.Tags} tags, but there are scores of {tags}.");
        }
        double[] best = new double[tags], next = new double[tags];
        int[] from = new int[steps * tags], path = new int[steps];
        path.AsSpan().Fill(-1);
        int last = -1;
        for (int t = 0; t < steps; t++)
        {
            if (!real.IsEmpty && !real[t])
            {
                continue;
            }
            ReadOnlySpan<float> at = potentials.Slice(t * tags * tags, tags * tags);
            for (int j = 0; j < tags; j++)
            {
                (int before, double score) = last < 0 ? (0, at[j] + (rules is null || rules.MayStart(j) ? 0 : double.NegativeInfinity)) : Best(best, at, j, tags, rules);
                (from[t * tags + j], next[j]) = (before, score);
            }
            (best, next, last) = (next, best, t);
        }
        if (last < 0)
        {
            return new TagPath(path, 0);
        }
        for (int j = 0; rules is not null && j < tags; j++)
        {
            best[j] += rules.MayEnd(j) ? 0 : double.NegativeInfinity;
        }
        int tag = LargestOf(best);
        double total = best[tag];
        for (int t = last; t >= 0; t--)
        {
            if (real.IsEmpty || real[t])
            {
                (path[t], tag) = (tag, from[t * tags + tag]);
            }
        }
        return new TagPath(path, total);
    }

    /// <summary>
    /// How probable each tag is at each step, over all paths: [batch, time, tags], which sums to 1 at each real step and is 0 at the others.
    /// </summary>
    /// <param name="potentials">ψ.</param>
    /// <param name="mask">Which steps are real; that of the tensor where not given, and all where it has none.</param>
    /// <exception cref="ShapeException">The potentials are not [batch, time, tags, tags], or the mask does not fit them.</exception>
    public static Tensor Marginals(Tensor potentials, SequenceMask? mask = null)
    {
        Shape shape = Require(potentials.Shape, mask ??= potentials.Mask);
        int tags = shape[2];
        float[] pairs = Pairs(potentials, shape, mask), marginals = new float[pairs.Length / tags];
        for (int row = 0; row < pairs.Length / tags; row++)
        {
            Span<float> sum = marginals.AsSpan(row / tags * tags, tags);
            TensorPrimitives.Add(sum, pairs.AsSpan(row * tags, tags), sum);
        }
        return Tensor.From(marginals, shape[0], shape[1], tags);
    }

    /// <summary>p_t(i, j) of each pair of tags.</summary>
    private static float[] Pairs(Tensor potentials, Shape shape, SequenceMask? mask)
    {
        IBackend backend = Device.Default.Backend;
        float[] values = potentials.ToArray();
        Storage input = backend.Rent(values.Length), pairs = backend.Rent(values.Length);
        backend.Write(input, values);
        backend.ChainLoss(input, null, shape, mask, 1, pairs);
        backend.Read(pairs, values);
        backend.Return(input);
        backend.Return(pairs);
        return values;
    }

    private static (int Tag, double Score) Best(double[] before, ReadOnlySpan<float> potentials, int tag, int tags, TagRules? rules)
    {
        (int best, double score) = (0, double.NegativeInfinity);
        for (int i = 0; i < tags; i++)
        {
            double through = rules is null || rules.MayFollow(i, tag) ? before[i] + potentials[i * tags + tag] : double.NegativeInfinity;
            if (through > score)
            {
                (best, score) = (i, through);
            }
        }
        return (best, score);
    }

    private static int LargestOf(double[] scores)
    {
        int largest = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            largest = scores[i] > scores[largest] ? i : largest;
        }
        return largest;
    }

    private static Shape Require(Shape shape, SequenceMask? mask)
    {
        if (shape.Rank != 4 || shape[2] != shape[3])
        {
            throw new ShapeException($"Scores of pairs of tags [batch, time, tags, tags] were expected, as a ConditionalRandomField puts them out, but they have shape {shape}.");
        }
        if (mask is not null && (mask.Batch != shape[0] || mask.Steps != shape[1]))
        {
            throw new ShapeException($"The mask is of {mask.Batch} sequences of {mask.Steps} steps, but the scores have shape {shape}.");
        }
        return shape;
    }
}

/// <summary>The tags of one sequence.</summary>
/// <param name="Tags">The tag of each step; −1 at steps that are not real.</param>
/// <param name="Score">The sum of the scores on the way, in double; 0 for a sequence without real steps.</param>
public sealed record TagPath(IReadOnlyList<int> Tags, double Score);
