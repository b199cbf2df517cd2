using Engram.Data;
using Engram.Tasks;

namespace Engram.Examples.TextGeneration;

/// <summary>What a language model expects after a prompt, at several temperatures; what it draws from when it writes.</summary>
internal static class NextCharacter
{
    private const int Shown = 6;
    private const double Share = 0.9;

    /// <summary>Logits to probabilities, sharper where the temperature is below 1 and flatter above:
    /// <code>
    ///   pᵢ = exp(zᵢ / T) / Σⱼ exp(zⱼ / T)
    /// </code>
    /// </summary>
    public static double[] Softmax(ReadOnlySpan<float> z, double temperature)
    {
        double[] p = new double[z.Length];
        double largest = double.NegativeInfinity;
        foreach (float logit in z)
        {
            largest = Math.Max(largest, logit);
        }
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = Math.Exp((z[i] - largest) / temperature); // the same quotient, without overflow
        }
        double sum = p.Sum();
        return [.. p.Select(weight => weight / sum)];
    }

    /// <summary>
    /// The nucleus (Holtzman et al. 2020): the fewest of the most probable characters that together have the share; of these the probabilities, which then sum to 1,
    /// and 0 for the others:
    /// <code>
    ///   V = the smallest set with Σ_{i ∈ V} pᵢ ≥ share      p'ᵢ = pᵢ / Σ_{j ∈ V} pⱼ
    /// </code>
    /// </summary>
    public static double[] Nucleus(double[] p, double share)
    {
        double[] kept = new double[p.Length];
        double sum = 0;
        foreach (int i in Enumerable.Range(0, p.Length).OrderByDescending(i => p[i]).TakeWhile(_ => sum < share))
        {
            kept[i] = p[i];
            sum += p[i];
        }
        return [.. kept.Select(probability => probability / sum)];
    }

    /// <summary>Writes a table of the most probable characters after a prompt.</summary>
    public static void Print(TextWriter output, LanguageModel model, string prompt)
    {
        // One character after the other: the state of the LSTM is all that is kept of those before.
        ModelStream stream = model.Model.Stream();
        float[] all = new float[model.Encoder.Vocabulary.Count];
        foreach (int id in model.Encoder.Encode(prompt))
        {
            stream.Step([id], all);
        }

        // The first ids are padding, the unknown character and the like, which are never written.
        const int first = Vocabulary.End + 1;
        float[] z = all[first..];
        double[] sharp = Softmax(z, 0.5), p = Softmax(z, 1), flat = Softmax(z, 1.5), nucleus = Nucleus(p, Share);
        output.WriteLine($"After «{Visible(prompt)}», of {z.Length} characters; top-p {Share} keeps {nucleus.Count(probability => probability > 0)}");
        output.WriteLine("          T = 0.5    T = 1  T = 1.5   top-p");
        foreach (int i in Enumerable.Range(0, z.Length).OrderByDescending(i => p[i]).Take(Shown))
        {
            output.WriteLine($"  {Visible(model.Encoder.Vocabulary[i + first]),-6} {sharp[i],8:0.000} {p[i],8:0.000} {flat[i],8:0.000} {nucleus[i],7:0.000}");
        }
    }

    private static string Visible(string text) => text.Replace('\n', '⏎').Replace('\t', '⇥').Replace(' ', '␣');
}
