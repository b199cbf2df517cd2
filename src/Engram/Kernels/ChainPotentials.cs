using System.Numerics;
using System.Numerics.Tensors;

namespace Engram.Kernels;

/// <summary>
/// The potentials ψ of a chain over one sequence, from scores e [steps, tags] of tags at each step, transitions A [tags, tags], and scores b and c of
/// the tags to begin and to end with; zeros at steps that are not real.
/// <code>
///   ψ_t(i, j) = e_t(j) + A(i, j)        e_t(j) + b(j) at the first real step        and c(j) besides at the last
///
///   de_t(j) = Σ_i dψ_t(i, j)        dA(i, j) = Σ_{t > first} dψ_t(i, j)        db = de_first        dc = de_last
/// </code>
/// </summary>
internal static unsafe class ChainPotentials<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Forward(T* e, T* a, T* b, T* c, bool* real, int steps, int tags, T* y)
    {
        (int first, int last) = Ends(real, steps);
        for (int t = 0; t < steps; t++)
        {
            for (int i = 0; i < tags; i++)
            {
                Span<T> row = Row(y, (nint)t * tags + i, tags);
                if (real is not null && !real[t])
                {
                    row.Clear();
                    continue;
                }
                TensorPrimitives.Add(Row(e, t, tags), t == first ? Row(b, 0, tags) : Row(a, i, tags), row);
                if (t == last)
                {
                    TensorPrimitives.Add(row, Row(c, 0, tags), row);
                }
            }
        }
    }

    /// <summary>Adds to de; db and dc are added for each sequence by <see cref="EndsBackward"/>.</summary>
    public static void EmissionsBackward(T* dy, bool* real, int steps, int tags, T* de)
    {
        for (int t = 0; t < steps; t++)
        {
            if (real is null || real[t])
            {
                AddColumns(dy, t, tags, Row(de, t, tags));
            }
        }
    }

    /// <summary>Adds to row i of dA.</summary>
    public static void TransitionsBackward(T* dy, bool* real, int steps, int tags, int i, T* da)
    {
        (int first, _) = Ends(real, steps);
        for (int t = first + 1; t < steps; t++)
        {
            if (real is null || real[t])
            {
                TensorPrimitives.Add(Row(da, i, tags), Row(dy, (nint)t * tags + i, tags), Row(da, i, tags));
            }
        }
    }

    /// <summary>Adds to db and dc, of which either may be null.</summary>
    public static void EndsBackward(T* dy, bool* real, int steps, int tags, T* db, T* dc)
    {
        (int first, int last) = Ends(real, steps);
        if (last < 0)
        {
            return;
        }
        if (db is not null)
        {
            AddColumns(dy, first, tags, Row(db, 0, tags));
        }
        if (dc is not null)
        {
            AddColumns(dy, last, tags, Row(dc, 0, tags));
        }
    }

    private static void AddColumns(T* dy, int t, int tags, Span<T> sums)
    {
        for (int i = 0; i < tags; i++)
        {
            TensorPrimitives.Add(sums, Row(dy, (nint)t * tags + i, tags), sums);
        }
    }

    /// <summary>The first real step and the last; where there is none, steps and −1.</summary>
    private static (int First, int Last) Ends(bool* real, int steps)
    {
        int first = 0, last = steps - 1;
        while (real is not null && first < steps && !real[first])
        {
            first++;
        }
        while (real is not null && last >= 0 && !real[last])
        {
            last--;
        }
        return (first, last);
    }

    private static Span<T> Row(T* matrix, nint row, int tags) => new(matrix + row * tags, tags);
}
