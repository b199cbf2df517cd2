using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>A text split in order, the first part to train, the next to validate, the last to test, and its tokens. The vocabulary comes from the first part alone.</summary>
internal sealed class LanguageModelPlan
{
    private LanguageModelPlan(TextCorpus corpus, LanguageModelOptions options, TaskEnvironment environment)
    {
        CancellationToken cancellation = environment.Cancellation;
        (Corpus, Notes) = (corpus, [.. corpus.Notes, .. options.ValidationText?.Notes ?? [], .. options.TestText?.Notes ?? []]);
        long characters = corpus.CharacterCount;
        long test = options.TestText is null ? (long)Math.Round(characters * options.Test) : 0;
        long validation = options.ValidationText is null ? (long)Math.Round((characters - test) * options.Validation) : 0;
        (IReadOnlyList<string> before, IReadOnlyList<string> testLines) = corpus.Cut(characters - test);
        (IReadOnlyList<string> training, IReadOnlyList<string> validationLines) = Cut(before, characters - test - validation);
        Encoder = TextEncoder.Learn(training, options.Text, environment.Threads, cancellation);
        (Options, Vectors) = LearntStart.ReadVectors(options, Encoder.Vocabulary, Encoder.Form(), Notes, cancellation);
        Training = LanguageModelText.Of(Encoder, training, environment.Threads, cancellation);
        RequireWindow();
        Validation = Part(options.ValidationText, validationLines, "--validation", environment);
        Test = Part(options.TestText, testLines, "--test", environment);
        Counts = Training.Counts(Encoder.Vocabulary.Count);
        NoteUnknown();
        NoteSeen(options.TestText?.Lines ?? testLines, training.Concat(options.ValidationText?.Lines ?? validationLines));
    }

    public TextCorpus Corpus { get; }

    public LanguageModelOptions Options { get; }

    public TextEncoder Encoder { get; }

    /// <summary>The word vectors that the embedding begins with; null where there are none.</summary>
    public WordVectors? Vectors { get; }

    public LanguageModelText Training { get; }

    /// <summary>Null where there is none.</summary>
    public LanguageModelText? Validation { get; }

    /// <summary>Null where there is none.</summary>
    public LanguageModelText? Test { get; }

    /// <summary>How often each token stands in the training part.</summary>
    public long[] Counts { get; }

    /// <summary>What was found, assumed and decided.</summary>
    public List<string> Notes { get; }

    public static LanguageModelPlan Make(TextCorpus corpus, LanguageModelOptions options, TaskEnvironment environment)
    {
        options.Validate();
        return new LanguageModelPlan(corpus, options, environment);
    }

    /// <summary>SHA-256 of the text to score on and that to validate on, where they are given; null where neither is.</summary>
    public string? BesideSha256 => (Options.TestText, Options.ValidationText) switch
    {
        (null, null) => null,
        (var test, var validation) => $"{test?.Sha256}{(validation is null ? "" : "+" + validation.Sha256)}",
    };

    public ReportData DataReport()
    {
        long used = Training.Tokens.Length + (Validation?.Tokens.Length ?? 0L) + (Test?.Tokens.Length ?? 0L);
        return new ReportData(Corpus.Files, Corpus.Sha256, used, used, Notes) { TestFiles = Options.TestText?.Files, TestSha256 = Options.TestText?.Sha256 };
    }

    public ReportSplit Split() => new(PartOf(Training), Validation is null ? null : PartOf(Validation), Test is null ? new ReportPart(null, null, 0) : PartOf(Test));

    private static ReportPart PartOf(LanguageModelText text) => new(null, null, text.Tokens.Length);

    private static (IReadOnlyList<string> First, IReadOnlyList<string> Second) Cut(IReadOnlyList<string> lines, long characters) =>
        TextCorpus.Of(lines).Cut(characters);

    private LanguageModelText? Part(TextCorpus? given, IReadOnlyList<string> cut, string option, TaskEnvironment environment)
    {
        IReadOnlyList<string> lines = given?.Lines ?? cut;
        if (lines.Count == 0)
        {
            return null;
        }
        LanguageModelText part = LanguageModelText.Of(Encoder, lines, environment.Threads, environment.Cancellation);
        return part.Tokens.Length > 1 ? part : throw Fault(given ?? Corpus, string.Create(CultureInfo.InvariantCulture,
            $"the part of {option} has {Quantity.Of(part.Tokens.Length, "token")}, too few to predict anything of. Use a larger share, or a longer file."));
    }

    /// <summary>What is wrong with a text, behind the names of its files.</summary>
    internal static DataException Fault(TextCorpus text, string message) =>
        text.Files.Count > 0 ? new DataException($"{string.Join(", ", text.Files)}: {message}", text.Files[0]) : new DataException(char.ToUpperInvariant(message[0]) + message[1..]);

    private void RequireWindow()
    {
        long least = ((long)Options.BatchSize * Options.Steps) + 1;
        if (Training.Tokens.Length < least)
        {
            throw Fault(Corpus, string.Create(CultureInfo.InvariantCulture,
                $"the training part has {Quantity.Of(Training.Tokens.Length, "token")}; {Options.BatchSize} streams of {Options.Steps} steps need at least {least:N0}. Give more text, or a smaller --batch-size or --steps."));
        }
    }

    private void NoteUnknown()
    {
        long unknown = Counts[Vocabulary.Unknown];
        if (unknown > 0)
        {
            Notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{100.0 * unknown / Training.Tokens.Length:0.##}% of the training tokens are not in the vocabulary of {Encoder.Vocabulary.Count}, and count as <unk>."));
        }
        if ((Test ?? Validation)?.NoteUnknown() is { } note)
        {
            Notes.Add(note);
        }
        if (Test is null && Validation is not null)
        {
            Notes.Add("There is no test part: the scores are those of the validation part, on which the best epoch was chosen, and so a little too good. --test scores on text that nothing was chosen by.");
        }
        if (Test is null && Validation is null)
        {
            Notes.Add("There is neither a test nor a validation part: the scores are those of the training text, and tell little of other texts.");
        }
    }

    /// <summary>Tells where the text to score on is no new one: the very text of training, or long lines of it by more than chance; short ones, such as names of speakers, repeat.</summary>
    private void NoteSeen(IReadOnlyList<string> test, IEnumerable<string> before)
    {
        const double chance = 0.1;
        const int shortest = 20;
        if (Options.TestText is { Files.Count: > 0 } given && given.Sha256 == Corpus.Sha256)
        {
            Notes.Add("The test text is the text to train on, so the scores are too good.");
            return;
        }
        int lines = test.Count(IsText), seen = SeenBefore.Count(test.Where(IsText), before);
        if (seen > chance * lines)
        {
            Notes.Add(SeenBefore.Note(seen, lines, $"line of {shortest} characters or more", $"lines of {shortest} characters or more"));
        }

        static bool IsText(string line) => line.AsSpan().Trim().Length >= shortest;
    }
}
