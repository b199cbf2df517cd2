using System.Globalization;
using Engram.Data;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>Lets a network begin with what was learnt elsewhere, and keeps that frozen for as long as options say.</summary>
internal static class LearntStart
{
    /// <summary>Reads the word vectors that options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="words">The vocabulary.</param>
    /// <param name="form">The form of its words.</param>
    /// <param name="notes">Are told how many of the words the file has.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The options with the size of the vectors, and the vectors; null where none are named.</returns>
    /// <exception cref="InvalidOptionException">The embedding cannot have their size.</exception>
    /// <exception cref="DataException">The file is at fault.</exception>
    public static (T Options, WordVectors? Vectors) ReadVectors<T>(T options, Vocabulary words, WordForm form, List<string> notes, CancellationToken cancellation)
        where T : TextTrainingOptions
    {
        if (options.WordVectors is not { } file)
        {
            return (options, null);
        }
        using ProfileSpan span = Profile.Measure("read word vectors", ProfileCategory.Data);
        WordVectors vectors = WordVectors.Read(file, words, form, options.Seed, cancellation);
        TrainingOptionsCheck.Require(options.Embedding is null || options.Embedding == vectors.Size, "--embedding", options.Embedding,
            string.Create(CultureInfo.InvariantCulture, $"the vectors of {file} have {vectors.Size} numbers. Leave the option out, or take vectors of that size."));
        options = (T)(options with { Embedding = vectors.Size });
        options.Validate();
        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"{file} has vectors of {vectors.Size} numbers for {vectors.FoundCount} of the {vectors.WordCount} words of the vocabulary, {100 * vectors.TokenShare:0.0}% of the training tokens; the other words begin at random."));
        return (options, vectors);
    }

    /// <summary>Gives the first embedding of a built network, that of the words, the vectors that there are.</summary>
    public static void Begin(Model model, WordVectors? vectors) => vectors?.CopyTo(Words(model));

    /// <summary>The embedding of the words.</summary>
    public static Embedding Words(Model model) => model.Layers.OfType<Embedding>().First();

    /// <summary>The learning rates of learnt layers, the smaller the earlier the layer.</summary>
    /// <param name="options">The share that a layer has of the rate of the next.</param>
    /// <param name="learnt">The layers that begin with what was learnt elsewhere, first to last.</param>
    public static IReadOnlyList<ParameterGroup> Rates(TextTrainingOptions options, IEnumerable<Layer> learnt) => options.LearntRate == 1 ? []
        : [.. learnt.Reverse().Select((layer, i) => new ParameterGroup(parameter => parameter.LayerName == layer.Name) { LearningRateFactor = Math.Pow(options.LearntRate, i + 1) })];

    /// <summary>What keeps learnt layers as they are, the later ones for a shorter time.</summary>
    /// <param name="options">For how long.</param>
    /// <param name="learnt">The layers that begin with what was learnt elsewhere, first to last.</param>
    public static IReadOnlyList<Callback> Freezing(TextTrainingOptions options, IEnumerable<Layer> learnt) => options.Freeze == 0 ? []
        : [new GradualUnfreezing(options.Freeze, [[], .. learnt.Reverse().Select(layer => (string[])[layer.Name])])];
}
