using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engram.Data;

namespace Engram.Benchmarks.Texts;

/// <summary>How fast texts are read, learnt from, encoded and put into batches, in megabytes of UTF-8 a second.</summary>
internal static class TextBenchmark
{
    private const int Rounds = 3, BatchSize = 32, Length = 400;

    /// <summary>Measures a column of a CSV or TSV file, or made-up texts where no file is named.</summary>
    public static int Run(string[] arguments)
    {
        try
        {
            IEnumerable<string> texts = arguments switch
            {
                [var path, var column] => LabelledTextFiles.Open([path], column).Texts,
                [var path] => LabelledTextFiles.Open([path], "review").Texts,
                _ => MadeUp(),
            };
            long bytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB of text, {Environment.ProcessorCount} threads"));
            TextOptions words = new() { LowerCase = true, Vocabulary = 20_000 };
            TextEncoder encoder = Measure("read and learn words", bytes, () => TextEncoder.Learn(texts, words));
            Measure("read and encode words", bytes, () => encoder.EncodeAll(texts));
            Measure("read, encode and batch words", bytes, () => Batch(encoder.EncodeAll(texts)));
            using EncodedTexts encoded = encoder.EncodeAll(texts);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"different ids of all in a batch of 32 {Different(encoded, 32):P0}, of 64 {Different(encoded, 64):P0}"));
            TextEncoder pairs = Measure("read and learn 16,000 byte pairs", bytes, () => TextEncoder.Learn(texts, new TextOptions { Tokenizer = TokenizerKind.Bpe, Vocabulary = 16_000 }), rounds: 1);
            Measure("read and encode byte pairs", bytes, () => pairs.EncodeAll(texts));
            return 0;
        }
        catch (DataException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 3;
        }
    }

    private static T Measure<T>(string what, long bytes, Func<T> work, int rounds = Rounds)
    {
        T result = work();
        double best = double.MaxValue, processor = double.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            result = work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            processor = Math.Min(processor, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34} {best,8:N2} s {bytes / 1e6 / best,8:N0} MB/s, {processor,6:N2} s of all processors"));
        return result;
    }

    /// <summary>Reads all samples, those of like length together.</summary>
    private static long Batch(EncodedTexts texts)
    {
        TokenSamples samples = new(texts, new float[texts.Count], new TokenSamplesOptions { Length = Length });
        int[] order = [.. Enumerable.Range(0, samples.Count).OrderBy(samples.StepsOf)];
        float[] inputs = new float[BatchSize * Length], targets = new float[BatchSize];
        bool[] mask = new bool[BatchSize * Length];
        long steps = 0;
        foreach (int[] batch in order.Chunk(BatchSize))
        {
            samples.Read(batch, inputs.AsSpan(0, batch.Length * Length), targets.AsSpan(0, batch.Length));
            samples.ReadMask(batch, mask.AsSpan(0, batch.Length * Length));
            steps += batch.Length * (long)samples.StepsOf(batch[^1]);
        }
        return steps;
    }

    /// <summary>What share of the ids of a batch of texts, cut as above, are different ones, on average over batches in an order drawn at random.</summary>
    private static double Different(EncodedTexts texts, int batchSize)
    {
        var random = new RandomStream(0);
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderBy(i => random.Bits(i))];
        return order.Chunk(batchSize).Average(batch =>
        {
            int[] ids = [.. batch.SelectMany(text => texts[text][..Math.Min(Length, texts.LengthOf(text))].ToArray())];
            return ids.Distinct().Count() / (double)Math.Max(1, ids.Length);
        });
    }

    /// <summary>25,000 texts of words whose frequencies fall as those of a language do (Zipf).</summary>
    private static string[] MadeUp()
    {
        RandomStream random = new(0);
        string[] words = [.. Enumerable.Range(0, 50_000).Select(word => string.Concat(Enumerable.Range(0, 2 + (word % 9)).Select(letter => (char)('a' + (random.Bits((word * 16L) + letter) % 26)))))];
        return [.. Enumerable.Range(0, 25_000).Select(text => string.Join(' ', Enumerable.Range(0, 40 + (int)(random.Derive(text).Bits(0) % 400)).Select(
            place => words[(int)Math.Min(words.Length - 1, Math.Exp(random.Derive(text).Uniform(place + 1) * Math.Log(words.Length)) - 1)])))];
    }
}
