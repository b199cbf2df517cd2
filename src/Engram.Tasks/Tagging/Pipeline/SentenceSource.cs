using Engram.Training;

namespace Engram.Tasks;

/// <summary>One input of the tagger's network for each sentence, padded behind its end: a number for each token, or several.</summary>
/// <param name="sentences">The sentences.</param>
/// <param name="steps">Tokens of the longest.</param>
/// <param name="width">Numbers to a token; 0 for a single one.</param>
/// <param name="write">Writes the numbers of a sentence from the start of zeros.</param>
internal sealed class SentenceSource(IReadOnlyList<EncodedSentence> sentences, int steps, int width, SentenceWriter write) : ISampleSource
{
    public int Count => sentences.Count;

    public Shape InputShape => width == 0 ? new Shape(steps) : new Shape(steps, width);

    public Shape TargetShape => new(steps);

    public bool HasMask => true;

    public bool HasLengths => true;

    public int StepsOf(int sample) => sentences[sample].Length;

    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
    {
        int size = steps * Math.Max(1, width);
        inputs.Clear();
        targets.Clear();
        for (int i = 0; i < samples.Length; i++)
        {
            EncodedSentence sentence = sentences[samples[i]];
            write(sentence, inputs.Slice(i * size, size));
            if (!targets.IsEmpty)
            {
                Write(sentence.Tags, targets.Slice(i * steps, steps));
            }
        }
    }

    public void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask)
    {
        mask.Clear();
        for (int i = 0; i < samples.Length; i++)
        {
            mask.Slice(i * steps, sentences[samples[i]].Length).Fill(true);
        }
    }

    /// <summary>Writes numbers from the start.</summary>
    public static void Write(int[] numbers, Span<float> into)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            into[i] = numbers[i];
        }
    }
}

/// <summary>Writes the numbers of a sentence.</summary>
internal delegate void SentenceWriter(EncodedSentence sentence, Span<float> into);
