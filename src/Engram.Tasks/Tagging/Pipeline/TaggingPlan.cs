using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>Sentences to train, validate and score on, and what numbers stand for them.</summary>
internal sealed class TaggingPlan
{
    private int _seen;

    private TaggingPlan()
    {
    }

    public required TaggingOptions Options { get; init; }

    /// <summary>Where the sentences are from; no files where they are given.</summary>
    public required TaggingSources Sources { get; init; }

    public required IReadOnlyList<TaggedSentence> Training { get; init; }

    public required IReadOnlyList<TaggedSentence> Validation { get; init; }

    public required IReadOnlyList<TaggedSentence> Test { get; init; }

    /// <summary>The scheme of the data.</summary>
    public required TagScheme Told { get; init; }

    /// <summary>The scheme that the network learns.</summary>
    public required TagScheme Learnt { get; init; }

    public required TaggerVocabulary Vocabulary { get; init; }

    /// <summary>The word vectors that the embedding of words begins with; null where there are none.</summary>
    public required WordVectors? Vectors { get; init; }

    /// <summary>What was found and decided, a sentence each.</summary>
    public List<string> Notes { get; private init; } = [];

    /// <exception cref="DataException">The sentences do not serve.</exception>
    /// <exception cref="InvalidOptionException">An option is outside its range, or does not fit the sentences.</exception>
    public static TaggingPlan Make(IReadOnlyList<TaggedSentence> sentences, IReadOnlyList<TaggedSentence>? test, TaggingOptions options, TaggingSources sources, CancellationToken cancellation)
    {
        options = options with { HasTestSentences = test is not null };
        options.Validate();
        string? file = sources.Files.Count > 0 ? sources.Files[0] : null;
        if (sentences.Concat(test ?? []).FirstOrDefault(sentence => sentence.Tags is null) is not null)
        {
            throw new DataException("A sentence to train or score on has no tags.", file);
        }
        if (sentences.Concat(test ?? []).FirstOrDefault(sentence => sentence.Features.Count != sentences[0].Features.Count) is not null)
        {
            throw new DataException("Sentences have unlike numbers of features.", file);
        }
        int testCount = test is null ? Share(sentences.Count, options.Test) : 0, validationCount = Share(sentences.Count - testCount, options.Validation);
        int trainingCount = sentences.Count - testCount - validationCount;
        if (trainingCount < 1 || (test?.Count ?? testCount) < 1)
        {
            throw new DataException($"There are too few sentences to train, validate and score on: {sentences.Count}. Give more, or a smaller share for --test and --validation.", file);
        }
        IReadOnlyList<TaggedSentence> training = [.. sentences.Take(trainingCount)];
        TagScheme told = Tags.Detect(training.Select(sentence => sentence.Tags!)), learnt = Learns(options, told);
        TaggerVocabulary vocabulary = TaggerVocabulary.Learn(training, training.Select(sentence => Tags.Convert(sentence.Tags!, told, learnt)), options.MinimumCount);
        if (vocabulary.Tags.Count < 2)
        {
            throw new DataException($"Every token has the tag {vocabulary.Tags[0]}: there is nothing to learn. Choose another column by --label.", file);
        }
        List<string> notes = [.. sources.Notes];
        (options, WordVectors? vectors) = LearntStart.ReadVectors(options, vocabulary.Words, word => TokenSpelling.Normalize(word), notes, cancellation);
        var plan = new TaggingPlan
        {
            Options = options, Sources = sources, Training = training, Validation = [.. sentences.Skip(trainingCount).Take(validationCount)],
            Test = test ?? [.. sentences.Skip(trainingCount + validationCount)], Told = told, Learnt = learnt, Vocabulary = vocabulary, Vectors = vectors, Notes = notes,
        };
        plan.AddNotes();
        return plan;
    }

    /// <summary>A sentence in numbers, with its tags.</summary>
    public EncodedSentence Encode(TaggedSentence sentence) => Vocabulary.Encode(sentence, Tags.Convert(sentence.Tags!, Told, Learnt));

    public ReportSplit Split() => new(Part(Training), Validation.Count == 0 ? null : Part(Validation), Part(Test))
    {
        TestSeen = _seen > 0 ? _seen : null,
    };

    private static TagScheme Learns(TaggingOptions options, TagScheme told)
    {
        if (told == TagScheme.None && options.Scheme is { } scheme)
        {
            throw new InvalidOptionException("--scheme", scheme == TagScheme.Bio ? "bio" : "bioes", "is for tags of the form B-NP, I-NP, O, and these are not. Leave the option out, or choose another column by --label.");
        }
        return options.Scheme ?? (told == TagScheme.Iob1 ? TagScheme.Bio : told);
    }

    private static int Share(int count, double share) => (int)Math.Round(count * share, MidpointRounding.AwayFromZero);

    private static ReportPart Part(IReadOnlyList<TaggedSentence> sentences) => new(Name(sentences[0]), Name(sentences[^1]), sentences.Count);

    private static string? Name(TaggedSentence sentence) => sentence.Line == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"line {sentence.Line}");

    private void AddNotes()
    {
        Notes.Add(Told == TagScheme.None ? "Tags stand for themselves: every token is scored by itself." : string.Create(
            CultureInfo.InvariantCulture, $"Tags are in the scheme {Told.ToString().ToUpperInvariant()}{(Learnt == Told ? "" : $"; the network learns {Learnt.ToString().ToUpperInvariant()}")}."));
        HashSet<string> known = [.. Training.SelectMany(sentence => sentence.Tags!)];
        foreach ((string part, IReadOnlyList<TaggedSentence> sentences) in (ReadOnlySpan<(string, IReadOnlyList<TaggedSentence>)>)[("validation", Validation), ("test", Test)])
        {
            string[] unseen = [.. sentences.SelectMany(sentence => sentence.Tags!).Where(tag => !known.Contains(tag)).Distinct().Order(StringComparer.Ordinal)];
            if (unseen.Length > 0)
            {
                Notes.Add($"The {part} part has tags that the training part has not, which are never found: {string.Join(", ", unseen)}.");
            }
        }
        _seen = SeenBefore.Count(Test.Select(Words), Training.Concat(Validation).Select(Words));
        if (_seen > 0)
        {
            Notes.Add(SeenBefore.Note(_seen, Test.Count, "sentence"));
        }

        static string Words(TaggedSentence sentence) => string.Join('\n', sentence.Tokens);
    }
}

/// <summary>Where sentences are from.</summary>
/// <param name="Files">The files; empty where they were given.</param>
/// <param name="Sha256">SHA-256 of their bytes, or of the sentences.</param>
/// <param name="TestFile">The file to score on; null where there is none.</param>
/// <param name="TestSha256">SHA-256 of its bytes.</param>
/// <param name="Columns">Which columns were read.</param>
internal sealed record TaggingSources(IReadOnlyList<string> Files, string Sha256, string? TestFile, string? TestSha256, TaggingColumns Columns)
{
    /// <summary>What was detected in them, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
