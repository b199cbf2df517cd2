using System.Text;
using Engram.Data;
using Engram.Files;
using Engram.Tasks.Tests.Classification;
using Engram.Tasks.Tests.Forecasting;

namespace Engram.Tasks.Tests;

/// <summary>Whatever became of what a model file says of its task, the model is used, or refused by an <see cref="EngramException"/>.</summary>
public sealed class TaskDocumentMutationTests : IDisposable
{
    private static readonly TextCorpus _text = TextCorpus.Of(string.Concat(Enumerable.Repeat("the cat sat.\n", 40)));

    private static readonly IReadOnlyList<TaggedSentence> _sentences = SequenceTagger.Read(Path.Combine(Repository.Root, "samples", "data", "names.txt"), features: [1]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("forecast")]
    [InlineData("classify")]
    [InlineData("language-model")]
    [InlineData("tag")]
    public void A_description_with_members_changed_is_read_or_refused(string task)
    {
        Train(task).Save(_folder.File("model.safetensors"));
        (Model network, System.Text.Json.JsonElement? description, _) = ModelFile.ReadAny(_folder.File("model.safetensors"));
        JsonSpans sound = new(Encoding.UTF8.GetBytes(description!.Value.GetRawText()));
        Mutation.Run(300, random => Mutation.OfJson(sound, random), bytes =>
        {
            string path = _folder.File("changed" + Environment.CurrentManagedThreadId);
            try
            {
                Write(path, network, Encoding.UTF8.GetString(bytes));
                TaskModel read = TaskModel.Load(path);
                Use(read);
                read.Save(path);
            }
            catch (EngramException)
            {
            }
            catch (ArgumentException error) when (error.Message.Contains("is no JSON", StringComparison.Ordinal))
            {
            }
        });
    }

    private static TaskModel Train(string task) => task switch
    {
        "forecast" => Forecaster.Train(TestTables.Hourly(TestTables.Sine(100)), "y", TestTables.Quick with { Epochs = 1 }),
        "classify" => TextClassifier.Train(TestTexts.Separable(60, "a", "b", "c"), TestTexts.Quick with { Epochs = 1 }),
        "tag" => SequenceTagger.Train(_sentences, new TaggingOptions { Units = [4], Embedding = 4, CharacterUnits = 3, Epochs = 1, Crf = true, Scheme = TagScheme.Bioes }),
        _ => LanguageModel.Train(_text, new LanguageModelOptions { Units = [4], Embedding = 4, Steps = 5, BatchSize = 4, Epochs = 1 }),
    };

    private static void Use(TaskModel model)
    {
        switch (model)
        {
            case Forecaster forecaster:
                _ = forecaster.Predict(1);
                break;
            case TextClassifier classifier:
                _ = classifier.Predict("a good one");
                _ = classifier.Evaluate(TestTexts.Separable(6, [.. classifier.Classes]));
                break;
            case LanguageModel language:
                _ = language.Generate("the", new GenerationOptions { Length = 3 });
                _ = language.Evaluate(_text);
                break;
            case SequenceTagger tagger:
                _ = tagger.Evaluate([.. _sentences.Take(3)]);
                break;
        }
    }

    private static void Write(string path, Model network, string task)
    {
        if (network is Graph graph)
        {
            ModelFile.Write(path, graph, task);
        }
        else
        {
            ModelFile.Write(path, (Sequential)network, task);
        }
    }
}
