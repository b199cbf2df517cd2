using System.Globalization;
using CsvHelper;

namespace Engram.Tasks;

/// <summary>Writes tagged sentences.</summary>
public static class TaggingCsv
{
    /// <summary>A line for each token of the test part: <c>sentence,token,text,label,predicted</c>; sentences and tokens are counted from 1.</summary>
    /// <param name="writer">Receives them.</param>
    /// <param name="training">What a training left.</param>
    public static void Write(TextWriter writer, TaggingTraining training)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(training);
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["sentence", "token", "text", "label", "predicted"]);
        for (int sentence = 0; sentence < training.Test.Count; sentence++)
        {
            TaggedSentence one = training.Test[sentence];
            for (int token = 0; token < one.Tokens.Count; token++)
            {
                csv.WriteRecord([Format(sentence + 1), Format(token + 1), one.Tokens[token], one.Tags![token], training.Predicted[sentence][token]]);
            }
        }
    }

    /// <summary>A token to a line, with its tag behind a tab, and an empty line behind each sentence.</summary>
    /// <param name="writer">Receives them.</param>
    /// <param name="sentences">The sentences.</param>
    /// <param name="tags">Their tags.</param>
    public static void WriteTokens(TextWriter writer, IReadOnlyList<TaggedSentence> sentences, IReadOnlyList<IReadOnlyList<string>> tags)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentNullException.ThrowIfNull(tags);
        for (int sentence = 0; sentence < sentences.Count; sentence++)
        {
            for (int token = 0; token < tags[sentence].Count; token++)
            {
                writer.WriteLine($"{sentences[sentence].Tokens[token]}\t{tags[sentence][token]}");
            }
            writer.WriteLine();
        }
    }

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);
}
