using System.Text;
using System.Text.Json;
using Engram.Data;
using Engram.Files;
using Engram.Tasks.Tests.Classification;

namespace Engram.Tasks.Tests.TrainingRuns;

/// <summary>Whatever became of the <c>options.json</c> of a run, it is used, or refused by an <see cref="EngramException"/>.</summary>
/// <typeparam name="TOptions">The options of the task's runs.</typeparam>
/// <typeparam name="TTrained">What it trains.</typeparam>
public abstract class OptionsFileMutationTests<TOptions, TTrained> : IDisposable
    where TOptions : RunOptions
    where TTrained : class
{
    /// <summary>Of each of four tasks, so that there are a million files.</summary>
    private const int Count = 250_000;

    /// <summary>For each the data are read and split.</summary>
    private const int Prepared = 200;

    private int _read, _refused;

    private protected abstract IRunTask<TOptions, TTrained> Task { get; }

    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Options_with_members_or_bytes_changed_are_read_or_refused()
    {
        byte[] sound = Sound();
        JsonSpans spans = new(sound);
        Mutation.Run(Count, random => random.Next(4) == 0 ? Mutation.Of(sound, random) : Mutation.OfJson(spans, random), bytes => Use(bytes, options =>
        {
            (options with { Output = "run", Resume = true }).Validate();
            _ = options.WithFullPaths();
            _ = options.Comparable();
        }));
        Assert.True(_read > 0 && _refused > 0, $"{_read} read, {_refused} refused");
    }

    [Fact]
    public void A_run_with_other_options_is_prepared_or_refused()
    {
        JsonSpans spans = new(Sound());
        Mutation.Run(Prepared, random => Mutation.OfJson(spans, random), bytes => Use(bytes, options =>
        {
            options.Common.Validate();
            // What trains later is of the size that the options ask for.
            if (options.Common.Units.Sum(units => (long)units) < 100 && IsSmall(options))
            {
                using RunFolder folder = new(Folder.File("run"));
                Task.Prepare(options, folder, new TaskEnvironment(null, null, null, default));
            }
        }));
    }

    /// <summary>Options of a run with data of its own.</summary>
    private protected abstract TOptions Options();

    /// <summary>Whether nothing else in options asks for much memory.</summary>
    private protected virtual bool IsSmall(TOptions options) => true;

    private byte[] Sound() => JsonSerializer.SerializeToUtf8Bytes(new RunSettings<TOptions>(Task.Kind, "00", null, Options()), Task.Settings);

    private void Use(byte[] bytes, Action<TOptions> use)
    {
        try
        {
            use(RunFolder.Settings(Encoding.UTF8.GetString(bytes), Task, "options.json").Options);
            Interlocked.Increment(ref _read);
        }
        catch (EngramException)
        {
            Interlocked.Increment(ref _refused);
        }
    }
}

public sealed class ForecastOptionsMutationTests : OptionsFileMutationTests<ForecastRunOptions, Forecaster>
{
    private protected override IRunTask<ForecastRunOptions, Forecaster> Task { get; } = new ForecastRun.ForecastTask();

    private protected override ForecastRunOptions Options() => new()
    {
        Files = [Folder.Write("time,value,other\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"2024-01-{1 + (i / 24):00} {i % 24:00}:00,{i % 7},{i % 5}\n")), "data.csv")],
        Target = "value",
        Training = new ForecastOptions
        {
            Window = 5, Units = [4], Epochs = 1, Features = ["other"], Schedule = "cosine", ClipNorm = 1, WeightDecay = 0.1, TimeLimit = TimeSpan.FromHours(1),
        },
    };

    public static TheoryData<string, string, string> Damages => new()
    {
        { "\"files\": [", "\"files\": [null,", "file" },
        { "\"files\": [", "\"files\": [\"\",", "file" },
        { "\"files\": [", "\"files\": [\"a\\u0000b\",", "file" },
        { "\"csv\": {}", "\"testFile\": \" \", \"csv\": {}", "file" },
        { "\"csv\": {}", "\"csv\": { \"encoding\": \"klingon\" }", "klingon" },
        { "\"csv\": {}", "\"csv\": { \"delimiter\": \"\\n\" }", "separate" },
        { "\"csv\": {}", "\"csv\": { \"decimalMark\": \"x\" }", "decimal" },
        { "\"csv\": {}", "\"csv\": { \"dateOrder\": 77 }", "77" },
        { "\"csv\": {}", "\"csv\": { \"missingValues\": [null] }", "missing" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_cannot_be_is_told_with_the_file(string before, string after, string told)
    {
        string sound = JsonSerializer.Serialize(new RunSettings<ForecastRunOptions>(Task.Kind, "00", null, Options()), Task.Settings);
        Assert.Contains(before, sound, StringComparison.Ordinal);
        Directory.CreateDirectory(Folder.File("run"));
        Folder.Write(sound.Replace(before, after, StringComparison.Ordinal), "run/options.json");

        string message = Assert.Throws<ModelFileException>(() => ForecastRun.Resume(Folder.File("run"))).Message;

        Assert.Contains(Folder.File("run/options.json"), message, StringComparison.Ordinal);
        Assert.Contains(told, message, StringComparison.Ordinal);
    }
}

public sealed class ClassifierOptionsMutationTests : OptionsFileMutationTests<ClassifierRunOptions, TextClassifier>
{
    private protected override IRunTask<ClassifierRunOptions, TextClassifier> Task { get; } = new ClassifierRun.ClassifierTask();

    private protected override ClassifierRunOptions Options() => new()
    {
        Files = [Folder.Write(TestTexts.Csv(TestTexts.Separable(120, "a", "b")), "data.csv")],
        Text = "text",
        Label = "label",
        Training = TestTexts.Quick with { WordVectors = Folder.Write("good 1 0 0 1\nbad 0 1 1 0\n", "words.vec"), Embedding = 4, LearntRate = 0.5, ClipNorm = 1 },
    };

    private protected override bool IsSmall(ClassifierRunOptions options) => options.Training.EmbeddingSize + (long)options.Training.Length < 1000;
}

public sealed class LanguageModelOptionsMutationTests : OptionsFileMutationTests<LanguageModelRunOptions, LanguageModel>
{
    private protected override IRunTask<LanguageModelRunOptions, LanguageModel> Task { get; } = new LanguageModelRun.LanguageModelTask();

    private protected override LanguageModelRunOptions Options() => new()
    {
        Files = [Folder.Write("text\n" + string.Concat(Enumerable.Repeat("the cat sat.\nthe dog ran.\n", 40)), "data.csv")],
        TextColumn = "text",
        ValidationFile = Folder.Write("text\nthe dog sat.\n", "validation.csv"),
        Encoding = "utf-8",
        Training = new LanguageModelOptions { Text = new TextOptions { LowerCase = true }, Units = [6], Steps = 5, BatchSize = 4, Epochs = 1, Schedule = "halve-after:4", InitialRange = 0.1 },
    };

    private protected override bool IsSmall(LanguageModelRunOptions options) => options.Training.EmbeddingSize + (long)options.Training.Steps + options.Training.BatchSize < 1000;
}

public sealed class TaggingOptionsMutationTests : OptionsFileMutationTests<TaggingRunOptions, SequenceTagger>
{
    private protected override IRunTask<TaggingRunOptions, SequenceTagger> Task { get; } = new TaggingRun.TaggingTask();

    private protected override TaggingRunOptions Options() => new()
    {
        Files = [Folder.Write(string.Concat(Enumerable.Repeat("Anna NNP B-PER\nsleeps VBZ O\n\nin IN O\nOslo NNP B-LOC\n\n", 10)), "data.txt")],
        Features = [1],
        Training = new TaggingOptions { Units = [4], Embedding = 4, CharacterUnits = 3, Epochs = 1, Crf = true, Scheme = TagScheme.Bioes, Characters = CharacterReader.Convolution },
    };

    private protected override bool IsSmall(TaggingRunOptions options) => options.Training.EmbeddingSize + (long)options.Training.CharacterUnits < 1000;
}
