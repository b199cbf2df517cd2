using System.Globalization;
using System.Runtime.InteropServices;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// The linear baseline: multinomial logistic regression on the words of a text, whatever their order.
/// <code>
///   x_w = (1 + ln n_w) · ln(N / N_w), scaled to ‖x‖₂ = 1     n_w: times that w occurs; N_w: training texts with w, of N
///   p   = softmax(x Wᵀ + b)
///   min   Σ −ln p_y + λ/2 ‖W‖²                               by AdaGrad (Duchi et al. 2011), a text at a time
/// </code>
/// It sees the whole text and the vocabulary of the network. Of the passes over the texts the one with the smallest loss on the validation part is kept.
/// </summary>
internal sealed class BagOfWords
{
    private const int Passes = 12;
    private const double Rate = 0.5;
    private const double Decay = 1e-6;

    /// <summary>Weights that a model file has room for: its description, in which they stand, is limited to 100 MB.</summary>
    private const int MostKept = 10_000_000;

    private readonly int _classes;
    private readonly float[] _rarity;
    private float[] _weights;
    private float[] _biases;

    /// <summary>A baseline of what a model file holds.</summary>
    /// <param name="rarity">ln(N / N_w) of each word.</param>
    /// <param name="weights">[words, classes].</param>
    /// <param name="biases">[classes].</param>
    public BagOfWords(float[] rarity, float[] weights, float[] biases) => (_rarity, _weights, _biases, _classes) = (rarity, weights, biases, biases.Length);

    /// <summary>ln(N / N_w) of each word.</summary>
    public ReadOnlyMemory<float> Rarity => _rarity;

    /// <summary>[words, classes].</summary>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <summary>[classes].</summary>
    public ReadOnlyMemory<float> Biases => _biases;

    /// <summary>Whether a model file can hold it.</summary>
    public bool FitsModelFile => _weights.Length <= MostKept;

    /// <summary>Number of weights of a vocabulary and classes.</summary>
    public static long WeightCount(int words, int classes) => (long)words * classes;

    /// <exception cref="InvalidOptionException">There are too many words and classes.</exception>
    public static void RequireRoom(int words, int classes)
    {
        long count = WeightCount(words, classes);
        TrainingOptionsCheck.Require(count <= Array.MaxLength, "--vocabulary", words,
            string.Create(CultureInfo.InvariantCulture, $"with {classes} classes the bag of words would have {count} weights, more than the {Array.MaxLength} that there can be. Use a smaller vocabulary, or a label column of fewer classes."));
    }

    /// <summary>Fits the baseline.</summary>
    /// <param name="texts">The token ids of a text by its index.</param>
    /// <param name="labels">The class of a text by its index.</param>
    /// <param name="training">Which texts train.</param>
    /// <param name="validation">Which texts choose the pass; none: the last is taken.</param>
    /// <param name="words">Entries of the vocabulary.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Where the order of texts is drawn from.</param>
    /// <param name="cancellation">Ends it.</param>
    public static BagOfWords Fit(
        Func<int, int[]> texts, int[] labels, int[] training, int[] validation, int words, int classes, long seed, CancellationToken cancellation)
    {
        RequireRoom(words, classes);
        using EncodedTexts counted = EncodedTexts.Of(training.Concat(validation).Select(text => WordCounts(texts(text))));
        BagOfWords bag = new(Rarities(counted, training.Length, words), new float[words * classes], new float[classes]);
        using EncodedTexts features = EncodedTexts.Of(Enumerable.Range(0, counted.Count).Select(place => bag.Weigh(counted[place])));
        bag.Descend(features, [.. training.Concat(validation).Select(text => labels[text])], training.Length, new RandomStream(seed).Derive("bag of words"), cancellation);
        return bag;
    }

    /// <summary>The probability of each class.</summary>
    public float[] Predict(int[] tokens)
    {
        float[] scores = new float[_classes];
        Score(Features.Of(Weigh(WordCounts(tokens))), scores);
        return scores;
    }

    private static float[] Rarities(EncodedTexts counted, int count, int words)
    {
        int[] with = new int[words];
        for (int text = 0; text < count; text++)
        {
            foreach (int word in counted[text][..(counted.LengthOf(text) / 2)])
            {
                with[word]++;
            }
        }
        return [.. with.Select(n => n == 0 ? 0 : MathF.Log((1f + count) / n))];
    }

    /// <summary>The words of a text in rising order, and behind them how often each occurs.</summary>
    private static int[] WordCounts(int[] tokens)
    {
        int[] sorted = [.. tokens.Order()];
        List<int> words = [], counts = [];
        foreach (int token in sorted)
        {
            if (words.Count > 0 && words[^1] == token)
            {
                counts[^1]++;
            }
            else
            {
                words.Add(token);
                counts.Add(1);
            }
        }
        return [.. words, .. counts];
    }

    /// <summary>The words of a text, and behind them the bits of x_w: so that both lie where encoded texts do, in a file where they are many.</summary>
    private int[] Weigh(ReadOnlySpan<int> wordCounts)
    {
        int[] weighed = wordCounts.ToArray();
        Span<int> words = weighed.AsSpan(0, weighed.Length / 2), counts = weighed.AsSpan(words.Length);
        Span<float> values = MemoryMarshal.Cast<int, float>(counts);
        double squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (1 + MathF.Log(counts[i])) * _rarity[words[i]];
            squares += (double)values[i] * values[i];
        }
        float scale = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= scale;
        }
        return weighed;
    }

    /// <summary>Of the texts so many train, the others choose the pass.</summary>
    private void Descend(EncodedTexts texts, int[] labels, int training, RandomStream random, CancellationToken cancellation)
    {
        float[] squares = new float[_weights.Length], biasSquares = new float[_classes], slopes = new float[_classes];
        (float[] bestWeights, float[] bestBiases, double best) = (_weights, _biases, double.PositiveInfinity);
        for (int pass = 0; pass < Passes; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] order = [.. Enumerable.Range(0, training)];
            random.Derive(pass).Shuffle(order);
            foreach (int text in order)
            {
                Features x = Features.Of(texts[text]);
                Score(x, slopes);
                slopes[labels[text]] -= 1;
                Step(x, slopes, squares, biasSquares);
            }
            if (training == texts.Count)
            {
                continue;
            }
            double loss = 0;
            for (int text = training; text < texts.Count; text++)
            {
                Score(Features.Of(texts[text]), slopes);
                loss -= Math.Log(Math.Max(slopes[labels[text]], float.Epsilon));
            }
            if (loss < best)
            {
                (bestWeights, bestBiases, best) = ([.. _weights], [.. _biases], loss);
            }
        }
        if (training < texts.Count)
        {
            (_weights, _biases) = (bestWeights, bestBiases);
        }
    }

    private void Step(Features x, float[] slopes, float[] squares, float[] biasSquares)
    {
        for (int i = 0; i < x.Words.Length; i++)
        {
            int row = x.Words[i] * _classes;
            for (int c = 0; c < _classes; c++)
            {
                float gradient = (slopes[c] * x.Values[i]) + ((float)Decay * _weights[row + c]);
                squares[row + c] += gradient * gradient;
                _weights[row + c] -= (float)Rate * gradient / (MathF.Sqrt(squares[row + c]) + 1e-8f);
            }
        }
        for (int c = 0; c < _classes; c++)
        {
            biasSquares[c] += slopes[c] * slopes[c];
            _biases[c] -= (float)Rate * slopes[c] / (MathF.Sqrt(biasSquares[c]) + 1e-8f);
        }
    }

    /// <summary>softmax(x Wᵀ + b).</summary>
    private void Score(Features x, float[] scores)
    {
        _biases.CopyTo(scores, 0);
        for (int i = 0; i < x.Words.Length; i++)
        {
            int row = x.Words[i] * _classes;
            for (int c = 0; c < _classes; c++)
            {
                scores[c] += x.Values[i] * _weights[row + c];
            }
        }
        Probabilities.Softmax(scores);
    }

    /// <summary>What the regression sees of a text.</summary>
    private readonly ref struct Features(ReadOnlySpan<int> words, ReadOnlySpan<float> values)
    {
        public ReadOnlySpan<int> Words { get; } = words;

        public ReadOnlySpan<float> Values { get; } = values;

        public static Features Of(ReadOnlySpan<int> weighed)
        {
            int count = weighed.Length / 2;
            return new Features(weighed[..count], MemoryMarshal.Cast<int, float>(weighed[count..]));
        }
    }
}
