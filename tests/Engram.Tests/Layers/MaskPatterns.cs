namespace Engram.Tests.Layers;

/// <summary>Masks for tests.</summary>
internal static class MaskPatterns
{
    /// <summary>Padding on the right, on the left, gaps inside, a row without a real step, a full one: row by row, over and over.</summary>
    public static SequenceMask Mixed(int batch, int steps, bool gaps = true)
    {
        bool[] pattern = new bool[batch * steps];
        for (int row = 0; row < batch; row++)
        {
            for (int t = 0; t < steps; t++)
            {
                pattern[row * steps + t] = (row % 5) switch
                {
                    0 => t < (steps + 1) / 2,
                    1 => t >= steps / 2,
                    2 => !gaps || (t * 7 + row) % 3 != 1 || steps == 1,
                    3 => false,
                    _ => true,
                };
            }
        }
        return SequenceMask.FromPattern(pattern, batch, steps);
    }

    /// <summary>The real steps of a sequence, as a batch of one.</summary>
    public static Tensor Alone(Tensor x, SequenceMask mask, int row)
    {
        int steps = x.Shape[1], features = x.Shape[2];
        float[] values = x.ToArray();
        return Tensor.From([.. mask.RealSteps(row).ToArray().SelectMany(t => values.AsSpan((row * steps + t) * features, features).ToArray())], 1, mask.Lengths[row], features);
    }
}
