using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// The texts of a training with their classes, split at random within each class, so that every part has the classes in the shares of the whole. The
/// vocabulary comes from the training part alone.
/// </summary>
internal sealed class ClassifierPlan
{
    /// <summary>Labels of more classes are names or numbers of something. Who took what for what is a table of this many squared in every model file and report.</summary>
    public const int MostClasses = 1000;

    private int _seen;

    private ClassifierPlan(LabelledTexts texts, ClassifierOptions options)
    {
        (Texts, Options) = (texts, options);
        Notes = [.. texts.Notes, .. options.TestTexts?.Notes ?? []];
        Classes = ClassNames.Of(LabelsOf(texts));
        RequireClasses();
        int[] labels = ClassesIn(texts, Classes);
        (int[] rest, TestSamples) = options.TestTexts is null
            ? StratifiedSplit.Cut(Enumerable.Range(0, texts.Count), labels, options.Test, new RandomStream(options.Seed).Derive("test"))
            : ([.. Enumerable.Range(0, texts.Count)], []);
        (TrainingSamples, ValidationSamples) = StratifiedSplit.Cut(rest, labels, options.Validation, new RandomStream(options.Seed).Derive("validation"));
        Labels = labels;
        TestTexts = options.TestTexts ?? texts;
        TestLabels = options.TestTexts is { } test ? ClassesIn(test, Classes) : [.. TestSamples.Select(sample => labels[sample])];
        if (options.TestTexts is not null)
        {
            TestSamples = [.. Enumerable.Range(0, options.TestTexts.Count)];
        }
        RequireParts();
        NoteShares();
        NoteSeen();
    }

    public LabelledTexts Texts { get; }

    public ClassifierOptions Options { get; }

    /// <summary>The labels in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The class of each of <see cref="Texts"/>.</summary>
    public int[] Labels { get; }

    /// <summary>Which of <see cref="Texts"/> train.</summary>
    public int[] TrainingSamples { get; }

    /// <summary>Which of <see cref="Texts"/> choose the best epoch.</summary>
    public int[] ValidationSamples { get; }

    /// <summary>The texts that some of are scored on: <see cref="Texts"/>, or those given beside.</summary>
    public LabelledTexts TestTexts { get; }

    /// <summary>Which of <see cref="TestTexts"/> are scored on.</summary>
    public int[] TestSamples { get; }

    /// <summary>The class of each of <see cref="TestSamples"/>.</summary>
    public int[] TestLabels { get; }

    /// <summary>What was found, assumed and decided.</summary>
    public List<string> Notes { get; }

    public static ClassifierPlan Make(LabelledTexts texts, ClassifierOptions options)
    {
        options.Validate();
        return new ClassifierPlan(texts, options);
    }

    /// <summary>The class of each text.</summary>
    /// <exception cref="DataException">There are no labels, or one of no class.</exception>
    public static int[] ClassesIn(LabelledTexts texts, IReadOnlyList<string> classes)
    {
        IReadOnlyList<string> labels = LabelsOf(texts);
        Dictionary<string, int> known = ClassNames.Indices(classes);
        int[] indices = new int[texts.Count];
        for (int text = 0; text < texts.Count; text++)
        {
            if (!known.TryGetValue(labels[text], out indices[text]))
            {
                throw new DataException(
                    $"{texts.PlaceOf(text)}: the label «{labels[text]}» was never seen in training; there are {ClassNames.Listed([.. classes.Select(name => $"«{name}»")])}. Correct it, or train on texts that have it.",
                    FileOf(texts));
            }
        }
        return indices;
    }

    /// <summary>How many of the training texts each class has.</summary>
    public long[] ClassCounts()
    {
        long[] counts = new long[Classes.Count];
        foreach (int sample in TrainingSamples)
        {
            counts[Labels[sample]]++;
        }
        return counts;
    }

    public ReportData DataReport() => new(Texts.Files, Texts.Sha256, Texts.Count + (Options.TestTexts?.Count ?? 0), Texts.Count + (Options.TestTexts?.Count ?? 0), Notes)
    {
        TestFiles = Options.TestTexts?.Files,
        TestSha256 = Options.TestTexts?.Sha256,
    };

    public ReportSplit Split() => new(
        new ReportPart(null, null, TrainingSamples.Length),
        ValidationSamples.Length == 0 ? null : new ReportPart(null, null, ValidationSamples.Length),
        new ReportPart(null, null, TestSamples.Length))
    {
        TestSeen = _seen > 0 ? _seen : null,
    };

    private static string? FileOf(LabelledTexts texts) => texts.Files.Count > 0 ? texts.Files[0] : null;

    private static IReadOnlyList<string> LabelsOf(LabelledTexts texts) =>
        texts.Labels ?? throw new DataException("There are texts, but no labels. Name the column of labels.", FileOf(texts));

    private void RequireClasses()
    {
        if (Classes.Count < 2)
        {
            throw new DataException(
                Texts.Count == 0 ? "There are no texts to train on. Give texts of at least two classes."
                    : $"{(Texts.Count == 1 ? "The only text has" : $"All {Quantity.Of(Texts.Count, "text")} have")} the label «{Classes[0]}»: there is nothing to tell apart. Name another label column.",
                FileOf(Texts));
        }
        if (Classes.Count > MostClasses)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {Quantity.Of(Texts.Count, "text")} have {Classes.Count:N0} different labels, such as «{Classes[0]}» and «{Classes[1]}»; a classifier tells at most {MostClasses:N0} apart. Name another label column, or join rare labels into one."),
                FileOf(Texts));
        }
    }

    /// <summary>Of a class with two texts or more each part gets one at least, if there are so many.</summary>
    private void RequireParts()
    {
        if (TestSamples.Length == 0)
        {
            throw Options.TestTexts is not null ? new DataException("There are no texts to score on. Give some, or a share of the texts instead.", FileOf(TestTexts))
                : new DataException($"No label occurs twice among {Texts.Count} texts: they are no classes. Name another label column.", FileOf(Texts));
        }
        if (Options.Validation > 0 && ValidationSamples.Length == 0)
        {
            throw new InvalidOptionException("--validation", Options.Validation,
                $"leaves no text to validate on: no class has two texts beside those to score on, of {Texts.Count} in all. Give more texts of each class, or 0 for none.");
        }
    }

    /// <summary>Tells how the classes are shared out, and how unevenly.</summary>
    private void NoteShares()
    {
        const double uneven = 1.5;
        long[] counts = ClassCounts();
        string shares = ClassNames.Listed([.. Classes.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{name}: {counts[i]}"))]);
        bool isUneven = counts.Max() > uneven * counts.Min();
        Notes.Add($"Texts to train on by class: {shares}." + (isUneven && Options.ClassWeights == ClassWeighting.None
            ? " The classes are uneven: --class-weights balanced makes them weigh the same." : ""));
    }

    /// <summary>Tells how many of the texts to score on are no new ones.</summary>
    private void NoteSeen()
    {
        _seen = SeenBefore.Count(TestSamples.Select(sample => TestTexts.Texts[sample]), TrainingSamples.Concat(ValidationSamples).Select(sample => Texts.Texts[sample]));
        if (_seen > 0)
        {
            Notes.Add(SeenBefore.Note(_seen, TestSamples.Length, "text"));
        }
    }
}
