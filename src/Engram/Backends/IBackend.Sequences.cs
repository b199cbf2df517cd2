namespace Engram.Backends;

/// <content>
/// Operations on rows and along the time axis. Sequences are [batch, time, features]; a mask, where there is one, tells the real steps.
/// </content>
internal partial interface IBackend
{
    /// <summary>y [rows.Length, width] = the given rows of a table; zeros where the row is −1.</summary>
    void GatherRows(Storage table, int width, ReadOnlySpan<int> rows, Storage y);

    /// <summary>Adds dy [rows.Length, width] to the given rows of a table, in order; nothing where the row is −1.</summary>
    void ScatterRows(Storage dy, int width, ReadOnlySpan<int> rows, Storage table);

    /// <summary>Sets the given rows of a table to zero.</summary>
    void ClearRows(Storage table, int width, ReadOnlySpan<int> rows);

    /// <summary>target (+)= source for a block of <paramref name="width"/> columns in each of so many rows.</summary>
    void CopyBlock(in Block source, in Block target, int rows, int width, bool accumulate);

    /// <summary>Mean or maximum over the real steps; zeros where there are none. x [batch, time, features], y [batch, features].</summary>
    void PoolTime(PoolingKind kind, Storage x, Shape shape, SequenceMask? mask, Storage y);

    /// <summary>The way back: to every real step its share, or to the first step that had the maximum.</summary>
    void PoolTimeBackward(PoolingKind kind, Storage x, Storage y, Storage dy, Shape shape, SequenceMask? mask, Storage dx, bool accumulate);

    /// <summary>α = softmax of scores over the real steps, y = Σ α x; zeros where there are none. scores and α [batch, time].</summary>
    void Attend(Storage scores, Storage x, Shape shape, SequenceMask? mask, Storage weights, Storage y);

    /// <summary>The way back: dscores = α (dy·x − dy·y), dx = α dy; either target may be absent.</summary>
    void AttendBackward(Storage weights, Storage x, Storage y, Storage dy, Shape shape, GradientTarget dScores, GradientTarget dx);

    /// <summary>x̂ = (x − μ) / √(σ² + ε) for each row, and 1 / √(σ² + ε) [rows] where wanted.</summary>
    void Normalize(Storage x, int rows, int columns, double epsilon, Storage normalized, Storage? inverseDeviation);

    /// <summary>y = x̂ ⊙ scale + shift, both over the last dimension; y may be x̂.</summary>
    void ScaleAndShift(Storage normalized, int rows, int columns, Storage scale, Storage shift, Storage y);

    /// <summary>The way back through <see cref="ScaleAndShift"/> and <see cref="Normalize"/>; every target may be absent.</summary>
    void NormalizeBackward(
        Storage normalized, Storage inverseDeviation, Storage scale, Storage dy, int rows, int columns,
        GradientTarget dx, GradientTarget dScale, GradientTarget dShift);

    /// <summary>columns [batch, outputSteps, size, features] = the windows of x; steps outside, and masked ones, read as zeros.</summary>
    void Unfold(Storage x, in TimeWindows windows, SequenceMask? mask, Storage columns);

    /// <summary>The way back: every real step gets the sum over the windows that it is in.</summary>
    void Fold(Storage columns, in TimeWindows windows, SequenceMask? mask, Storage dx, bool accumulate);
}

/// <summary>Columns of a matrix: those from <c>Offset</c> on in rows of <c>Stride</c> elements.</summary>
internal readonly record struct Block(Storage Memory, int Stride, int Offset);

/// <summary>What is taken over time.</summary>
internal enum PoolingKind
{
    Mean,
    Max,
}

/// <summary>
/// Windows over time: element k of the window at output step t is input step <c>t − Before + k · Dilation</c>.
/// </summary>
internal readonly record struct TimeWindows(int Batch, int Steps, int Features, int Size, int Dilation, int Before, int OutputSteps)
{
    /// <summary>Throws where a window, 1 + (size − 1) · dilation steps, is longer than a sequence can be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is.</exception>
    public static void RequireReach(int size, int dilation, string parameter)
    {
        if ((size - 1L) * dilation >= int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(parameter, dilation, $"A window of {size} steps at this distance is longer than a sequence can be. Give smaller numbers.");
        }
    }
}
