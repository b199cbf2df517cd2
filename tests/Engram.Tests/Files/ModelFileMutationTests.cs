using Engram.Files;
using Engram.Training;

namespace Engram.Tests.Files;

/// <summary>Whatever became of a model file or a checkpoint, it is read, or refused by a <see cref="ModelFileException"/>.</summary>
public sealed class ModelFileMutationTests : IDisposable
{
    private const int Count = 4000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Chains_with_bytes_changed()
    {
        Chain().Save(_folder.File("sound"));
        byte[] sound = File.ReadAllBytes(_folder.File("sound"));
        Mutation.Run(Count, random => Mutation.Of(sound, random), Read);
    }

    [Fact]
    public void Chains_with_another_description() => WithAnotherDescription(path => Chain().Save(path));

    [Fact]
    public void Graphs_with_another_description() => WithAnotherDescription(path =>
    {
        Node input = Node.Input(5, 2), lstm = new Lstm(3).Of(input), other = new Gru(3).Of(input), dense = new Dense(2).Of(new Concatenate().Of(lstm, other));
        var graph = new Graph([input], [dense, lstm]);
        graph.Build();
        ModelFile.Write(path, graph);
    });

    [Fact]
    public void Checkpoints_with_bytes_or_texts_changed()
    {
        string path = _folder.File("checkpoint");
        Tensor x = Tensor.Normal(new RandomStream(1), 8, 2), y = Tensor.Normal(new RandomStream(2), 8, 1);
        Fit(resume: false);
        byte[] sound = File.ReadAllBytes(path);
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        Mutation.Run(
            Count,
            random => (random.Next(2) == 0, random.Next()),
            choice =>
            {
                (bool bytes, int seed) = choice;
                var random = new Random(seed);
                if (bytes)
                {
                    File.WriteAllBytes(path, Mutation.Of(sound, random));
                }
                else
                {
                    string key = file.Metadata.Keys.ElementAt(random.Next(file.Metadata.Count)), text = file.Metadata[key];
                    bool isJson = text.StartsWith('{') || text.StartsWith('[');
                    SafeTensorsFile.Write(path, [.. file.Tensors.Values], new Dictionary<string, string>(file.Metadata)
                    {
                        [key] = isJson && random.Next(2) == 0 ? Mutation.OfJson(text, random) : Mutation.Of(text, random),
                    });
                }
                try
                {
                    Fit(resume: true);
                }
                catch (ArgumentException other) when (other.Message.Contains("was written by a run with", StringComparison.Ordinal))
                {
                    // A condition that is not this run's is the caller's to mend.
                }
                catch (EngramException)
                {
                }
            });

        void Fit(bool resume)
        {
            var model = new Sequential(new Dense(1));
            model.Compile(new Adam(), Loss.MeanSquaredError);
            model.Fit(x, y, new FitOptions { Epochs = 1, BatchSize = 8, Callbacks = [new EarlyStopping(2)], CheckpointPath = path, Resume = resume });
        }
    }

    private void WithAnotherDescription(Action<string> save)
    {
        save(_folder.File("sound"));
        SafeTensorsFile sound = SafeTensorsFile.Read(_folder.File("sound"));
        Mutation.Run(Count, random => Mutation.OfJson(sound.Metadata["engram"], random), text =>
        {
            SafeTensorsFile.Write(_folder.File("damaged"), [.. sound.Tensors.Values], new Dictionary<string, string> { ["engram"] = text });
            Read(_folder.File("damaged"));
        });
    }

    private void Read(byte[] bytes) => Read(_folder.WriteBytes(bytes, "damaged"));

    private static void Read(string path)
    {
        try
        {
            ModelFile.Read(path);
        }
        catch (ModelFileException)
        {
        }
        try
        {
            ModelFile.ReadGraph(path);
        }
        catch (ModelFileException)
        {
        }
    }

    /// <summary>A layer of every form that takes what the one before puts out.</summary>
    private static Sequential Chain()
    {
        var model = new Sequential(
            new Embedding(7, 4), new Conv1D(4, 2, Activation.ReLU), new Bidirectional(new Gru(2) { ReturnSequences = true }), new Residual(new Residual(new Lstm(4) { ReturnSequences = true })),
            new Lstm(3) { Projection = 2, ReturnSequences = true }, new LayerNormalization(), new SimpleRnn(3) { ReturnSequences = true }, AttentionPooling.Additive(2), new RepeatVector(2), new Reshape(-1, 2),
            new GlobalMaxPooling(), new Dropout(0.1), new Dense(2), new ActivationLayer(Activation.Softmax));
        model.Build(new Shape(6));
        return model;
    }
}
