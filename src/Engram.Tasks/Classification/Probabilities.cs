namespace Engram.Tasks;

/// <summary>Probabilities of logits.</summary>
internal static class Probabilities
{
    /// <summary>exp(zᵢ) / Σ exp(zⱼ), in place.</summary>
    public static void Softmax(Span<float> logits)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }
        double sum = 0;
        foreach (ref float logit in logits)
        {
            logit = MathF.Exp(logit - largest);
            sum += logit;
        }
        foreach (ref float logit in logits)
        {
            logit = (float)(logit / sum);
        }
    }

    /// <summary>
    /// The probabilities [samples, classes] of a classifier's outputs: of one logit, that of the second class, by the sigmoid; of a logit for each class by
    /// the softmax.
    /// </summary>
    public static float[] OfOutputs(float[] logits, int classes)
    {
        if (classes > 2)
        {
            float[] all = [.. logits];
            for (int first = 0; first < all.Length; first += classes)
            {
                Softmax(all.AsSpan(first, classes));
            }
            return all;
        }
        float[] both = new float[2 * logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            (both[2 * i], both[(2 * i) + 1]) = (Sigmoid(-logits[i]), Sigmoid(logits[i]));
        }
        return both;

        static float Sigmoid(float z) => (float)(1 / (1 + Math.Exp(-z)));
    }
}
