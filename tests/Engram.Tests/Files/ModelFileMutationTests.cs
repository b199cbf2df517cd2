using System.Buffers.Binary;
using System.Text;
using Engram.Files;
using Engram.Training;

namespace Engram.Tests.Files;

/// <summary>Whatever became of a model file or a checkpoint, it is read, or refused by a <see cref="ModelFileException"/>.</summary>
public sealed class ModelFileMutationTests : IDisposable
{
    /// <summary>Of each of four kinds of damage, so that there are a million model files.</summary>
    private const int Count = 250_000;

    /// <summary>Each is read by a training that goes on.</summary>
    private const int Checkpoints = 5_000;

    private readonly TemporaryFolder _folder = new();
    private int _read, _refused;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Chains_with_bytes_changed()
    {
        Chain().Save(_folder.File("sound"));
        byte[] sound = File.ReadAllBytes(_folder.File("sound"));
        Damage(random => Mutation.Of(sound, random), SafeTensorsBytes.Read);
    }

    [Fact]
    public void Chains_with_another_header()
    {
        Chain().Save(_folder.File("sound"));
        byte[] sound = File.ReadAllBytes(_folder.File("sound"));
        int length = BinaryPrimitives.ReadInt32LittleEndian(sound);
        var header = new JsonSpans(sound[sizeof(ulong)..(sizeof(ulong) + length)]);
        byte[] data = sound[(sizeof(ulong) + length)..];
        Damage(
            random =>
            {
                byte[] file = SafeTensorsBytes.Of(Mutation.OfJson(header, random), data.Length);
                data.CopyTo(file, file.Length - data.Length);
                return file;
            },
            SafeTensorsBytes.Read);
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
        Tensor x = Tensor.Normal(new RandomStream(1), 8, 2), y = Tensor.Normal(new RandomStream(2), 8, 1);
        Fit(_folder.File("sound"), resume: false);
        byte[] sound = File.ReadAllBytes(_folder.File("sound"));
        SafeTensorsFile file = SafeTensorsFile.Read(_folder.File("sound"));
        Mutation.Run(
            Checkpoints,
            random =>
            {
                if (random.Next(2) == 0)
                {
                    return Mutation.Of(sound, random);
                }
                string key = file.Metadata.Keys.ElementAt(random.Next(file.Metadata.Count)), text = file.Metadata[key];
                bool isJson = text.StartsWith('{') || text.StartsWith('[');
                return SafeTensorsBytes.Of(file.With(key, isJson && random.Next(2) == 0 ? Mutation.OfJson(text, random) : Mutation.Of(text, random)));
            },
            bytes =>
            {
                string path = _folder.WriteBytes(bytes, $"checkpoint-{Environment.CurrentManagedThreadId}");
                try
                {
                    Fit(path, resume: true);
                }
                catch (CheckpointMismatchException)
                {
                    // A condition that is not this run's is the caller's to mend.
                }
                catch (EngramException)
                {
                }
            });

        void Fit(string path, bool resume)
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
        var description = new JsonSpans(Encoding.UTF8.GetBytes(sound.Metadata["engram"]));
        Damage(random => Mutation.OfJson(description, random), text => sound.With("engram", Encoding.UTF8.GetString(text)));
    }

    /// <summary>Of so many files some are sound still, and most are not.</summary>
    private void Damage<T>(Func<Random, T> damage, Func<T, SafeTensorsFile> read)
    {
        Mutation.Run(Count, damage, file => Read(() => read(file)));
        Assert.True(_read > 0 && _refused > _read, $"{_read} read, {_refused} refused");
    }

    /// <summary>What is read has the shapes that it says.</summary>
    private void Read(Func<SafeTensorsFile> file)
    {
        try
        {
            Model model = ModelFile.ReadAny(file()).Model;
            Assert.Equal(model.ParameterCount, model.Layers.Sum(layer => layer.Parameters.Sum(parameter => parameter.Shape.Count)));
            Assert.NotNull(model.OutputShape);
            Interlocked.Increment(ref _read);
        }
        catch (ModelFileException)
        {
            Interlocked.Increment(ref _refused);
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
