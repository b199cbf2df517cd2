using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// All paths y of tags through the real steps 1 … n of one sequence, by potentials ψ_t(i, j) of going from tag i to tag j at step t; those of the
/// first step, which has none before it, stand in row 0 (Lafferty et al. 2001; Rabiner 1989).
/// <code>
///   s(y) = ψ_1(0, y_1) + Σ_{t > 1} ψ_t(y_{t−1}, y_t)                  p(y) = e^{s(y)} / Z
///
///   α_1(j) = ψ_1(0, j)        α_t(j) = log Σ_i e^{α_{t−1}(i) + ψ_t(i, j)}        log Z = log Σ_j e^{α_n(j)}
///   q_t(i | j) = e^{α_{t−1}(i) + ψ_t(i, j) − α_t(j)}                   the tag before, given the tag
///   p_n(j) = e^{α_n(j) − log Z}        p_t(i, j) = q_t(i | j) p_t(j)        p_{t−1}(i) = Σ_j p_t(i, j)
///
///   L = log Z − s(y)        ∂L / ∂ψ_t(i, j) = p_t(i, j) − [y_{t−1} = i, y_t = j]
/// </code>
/// The way forward makes every q on the way to α, so that the way back takes no second exponential. After each step α is shifted so that its largest is
/// 0; the shifts add up in double, so that no length of sequence costs precision.
/// </summary>
internal static unsafe class LinearChain<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Elements of memory that one sequence needs beside its own.</summary>
    public static long Room(int tags) => (tags + 3L) * Padded(tags);

    /// <summary>log Z − s(y), of which s(y) is left out where there is no path; 0 where no step is real.</summary>
    /// <param name="potentials">[steps, tags, tags]</param>
    /// <param name="path">The tag of each step, which is looked at where the step is real; or null.</param>
    /// <param name="real">Which steps are real; null where all are.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="tags">Number of tags.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    /// <param name="gradient">Receives the gradient, zeros at steps that are not real: without a path the probabilities p_t(i, j). Null where none is wanted.</param>
    /// <param name="room">Memory of <see cref="Room"/> elements, which begins with zeros.</param>
    public static double Run(T* potentials, T* path, bool* real, int steps, int tags, T scale, T* gradient, T* room)
    {
        nint size = (nint)tags * tags;
        int last = -1;
        double shift = 0, score = 0;
        var memory = new Memory(room, tags);
        for (int t = 0; t < steps; t++)
        {
            T* at = potentials + t * size, q = gradient is null ? null : gradient + t * size;
            if (real is not null && !real[t])
            {
                Clear(q, size);
                continue;
            }
            int row = last < 0 || path is null ? 0 : int.CreateTruncating(path[last]);
            score += path is null ? 0 : double.CreateTruncating(at[row * tags + int.CreateTruncating(path[t])]);
            if (last < 0)
            {
                Begin(at, tags, q, memory.Alpha);
            }
            else
            {
                memory.Load(at);
                shift += Forward(memory);
                memory.Store(q);
            }
            shift += Shift(memory.Alpha, tags);
            last = t;
        }
        if (last < 0)
        {
            return 0;
        }
        (double largest, double sum) = Exponentials<T, L>.Run(memory.Alpha, tags, memory.Alpha);
        if (gradient is not null)
        {
            T share = scale * T.CreateTruncating(1 / sum);
            for (int j = 0; j < tags; j++)
            {
                memory.Alpha[j] *= share;
            }
            Back(path, real, last, tags, scale, gradient, memory);
        }
        return shift + largest + Math.Log(sum) - score;
    }

    /// <summary>α_1, and q_1: from row 0 for sure.</summary>
    private static void Begin(T* potentials, int tags, T* q, T* alpha)
    {
        new ReadOnlySpan<T>(potentials, tags).CopyTo(new Span<T>(alpha, tags));
        if (q is not null)
        {
            Clear(q, (nint)tags * tags);
            new Span<T>(q, tags).Fill(T.One);
        }
    }

    /// <summary>α_t from α_{t−1}; the tile holds ψ_t before and q_t afterwards.</summary>
    /// <returns>What has been taken away from all of α_t, so that a large ψ does not round the logarithms.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Forward(in Memory memory)
    {
        T* alpha = memory.Alpha, largest = memory.Largest, sums = memory.Sums;
        int tags = memory.Tags, stride = memory.Stride;
        for (int j = 0; j < stride; j += L.Count)
        {
            T* column = memory.Tile + j;
            L most = L.Load(column) + L.Broadcast(alpha[0]), sum = L.Constant(0);
            for (int i = 0; i < tags; i++)
            {
                L value = L.Load(column + (nint)i * stride) + L.Broadcast(alpha[i]);
                L.Store(column + (nint)i * stride, value);
                most = L.AtLeast(most, value);
            }
            for (int i = 0; i < tags; i++)
            {
                L e = Activate<T, L>.Exp(L.Load(column + (nint)i * stride) - most);
                L.Store(column + (nint)i * stride, e);
                sum += e;
            }
            L share = L.Constant(1) / sum;
            for (int i = 0; i < tags; i++)
            {
                L.Store(column + (nint)i * stride, L.Load(column + (nint)i * stride) * share);
            }
            L.Store(largest + j, most);
            L.Store(sums + j, sum);
        }
        double shift = Shift(largest, tags);
        for (int j = 0; j < tags; j++)
        {
            alpha[j] = largest[j] + T.Log(sums[j]);
        }
        return shift;
    }

    /// <summary>Takes the largest away from all.</summary>
    /// <returns>The largest.</returns>
    private static double Shift(T* values, int tags)
    {
        T largest = values[0];
        for (int j = 1; j < tags; j++)
        {
            largest = T.Max(largest, values[j]);
        }
        for (int j = 0; j < tags; j++)
        {
            values[j] -= largest;
        }
        return double.CreateTruncating(largest);
    }

    /// <summary>p_t(i, j) of all steps in place of q_t; α holds p_n and, before the next step back, p_{t−1}.</summary>
    private static void Back(T* path, bool* real, int last, int tags, T scale, T* gradient, in Memory memory)
    {
        nint size = (nint)tags * tags;
        T* after = null; // the gradient of the next real step, and its tag
        int next = 0;
        for (int t = last; t >= 0; t--)
        {
            if (real is not null && !real[t])
            {
                continue;
            }
            T* at = gradient + t * size;
            memory.Load(at);
            Marginals(memory);
            memory.Store(at);
            if (path is not null)
            {
                int tag = int.CreateTruncating(path[t]);
                if (after is not null)
                {
                    after[tag * tags + next] -= scale;
                }
                after = at;
                next = tag;
            }
        }
        if (after is not null)
        {
            after[next] -= scale; // the first step's, in row 0
        }
    }

    /// <summary>The tile q_t(i | j) times p_t(j), and its sums over j in place of p_t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Marginals(in Memory memory)
    {
        T* p = memory.Alpha, before = memory.Sums;
        int stride = memory.Stride;
        for (int i = 0; i < memory.Tags; i++)
        {
            T* row = memory.Tile + (nint)i * stride;
            L sum = L.Constant(0);
            for (int j = 0; j < stride; j += L.Count)
            {
                L pair = L.Load(row + j) * L.Load(p + j);
                L.Store(row + j, pair);
                sum += pair;
            }
            before[i] = L.Sum(sum);
        }
        new ReadOnlySpan<T>(before, memory.Tags).CopyTo(new Span<T>(p, memory.Tags));
    }

    private static void Clear(T* values, nint count)
    {
        if (values is not null)
        {
            new Span<T>(values, (int)count).Clear();
        }
    }

    private static int Padded(int tags) => (tags + L.Count - 1) / L.Count * L.Count;

    /// <summary>
    /// A tile [tags, stride] of whole vectors and three rows. What is computed behind the last tag is finite and meets a zero of <see cref="Alpha"/> there.
    /// </summary>
    private readonly struct Memory(T* room, int tags)
    {
        public readonly int Tags = tags, Stride = Padded(tags);
        public readonly T* Alpha = room, Largest = room + Padded(tags), Sums = room + 2L * Padded(tags), Tile = room + 3L * Padded(tags);

        public void Load(T* values)
        {
            for (int i = 0; i < Tags; i++)
            {
                new ReadOnlySpan<T>(values + (nint)i * Tags, Tags).CopyTo(new Span<T>(Tile + (nint)i * Stride, Tags));
            }
        }

        public void Store(T* values)
        {
            for (int i = 0; values is not null && i < Tags; i++)
            {
                new ReadOnlySpan<T>(Tile + (nint)i * Stride, Tags).CopyTo(new Span<T>(values + (nint)i * Tags, Tags));
            }
        }
    }
}
