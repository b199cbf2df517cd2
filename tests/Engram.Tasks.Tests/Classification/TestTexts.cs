using Engram.Data;

namespace Engram.Tasks.Tests.Classification;

/// <summary>Small sets of texts whose answers are known.</summary>
internal static class TestTexts
{
    private static readonly string[] _fillers = ["the", "a", "it", "was", "and", "film", "really", "very", "one", "of"];

    private static readonly string[][] _signs = [["good", "great", "fine"], ["bad", "awful", "poor"], ["blue", "green", "red"]];

    /// <summary>Options that train in a moment.</summary>
    public static ClassifierOptions Quick { get; } = new()
    {
        Length = 8, Embedding = 6, Units = [5], Epochs = 3, LearningRate = 0.02, Text = new TextOptions { LowerCase = true, Vocabulary = 100 },
    };

    /// <summary>Texts of a few words, of which one or two tell the class.</summary>
    public static LabelledTexts Separable(int count, params string[] classes)
    {
        RandomStream random = new(5);
        string[] texts = new string[count], labels = new string[count];
        for (int i = 0; i < count; i++)
        {
            int of = i % classes.Length;
            RandomStream own = random.Derive(i);
            string[] words = [.. Enumerable.Range(0, 4 + (i % 5)).Select(k => _fillers[Below(own, k, _fillers.Length)])];
            words[Below(own, 100, words.Length)] = _signs[of][Below(own, 101, 3)];
            (texts[i], labels[i]) = (string.Join(' ', words), classes[of]);
        }
        return new LabelledTexts(texts, labels);
    }

    public static string Csv(LabelledTexts texts) => "text,label\n" + string.Concat(texts.Texts.Zip(texts.Labels!, (text, label) => $"{text},{label}\n"));

    private static int Below(RandomStream random, long index, int limit) => (int)(random.Bits(index) % limit);
}
