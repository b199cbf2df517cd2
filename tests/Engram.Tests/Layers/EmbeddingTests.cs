using Engram.Files;
using Engram.Tests.Autograd;
using Engram.Tests.Training;
using Engram.Training;

namespace Engram.Tests.Layers;

public sealed class EmbeddingTests
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(7, 2, false)]
    [InlineData(7, 50, true)]
    [InlineData(1, 50, true)]
    public void Gradients_with_and_without_a_mask_on_id_0(int batch, int steps, bool maskZero)
    {
        using Device device = GradientCheck.DoubleDevice();
        var model = new Sequential(new Embedding(9, 5) { MaskZero = maskZero }, new GlobalMeanPooling()) { Device = device };
        GradientCheck.Model(model, (pass, _) => GradientCheck.Project(pass, model.Forward(pass, Ids(batch, steps, 9))), new Shape(batch, steps));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradients_of_tied_weights(bool useBias)
    {
        using Device device = GradientCheck.DoubleDevice();
        var embedding = new Embedding(7, 4);
        var model = new Sequential(embedding, new Lstm(4) { ReturnSequences = true }, new TiedDense(embedding, Activation.Tanh) { UseBias = useBias }) { Device = device };
        GradientCheck.Model(model, (pass, _) => GradientCheck.Project(pass, model.Forward(pass, Ids(3, 5, 7))), new Shape(3, 5));
    }

    [Fact]
    public void Id_0_is_masked_where_asked_for_and_other_masks_stay()
    {
        var layer = new Embedding(4, 2) { MaskZero = true };
        var model = new Sequential(layer);
        model.Build(new Shape(3));
        float[] table = layer.Parameters[0].ToArray();
        model.Run(pass =>
        {
            Tensor y = layer.Apply(pass, pass.Masked(Tensor.From([1f, 0, 3, 2, 0, 1], 2, 3), SequenceMask.FromLengths([2, 3], 3)));
            Assert.Equal([true, false, false, true, false, true], y.Mask!.Pattern);
            Assert.Equal([.. table[2..4], 0, 0, 0, 0, .. table[4..6], 0, 0, .. table[2..4]], y.ToArray());
            return 0;
        });
        var plain = new Sequential(new Embedding(4, 2));
        plain.Build(new Shape(3));
        Assert.Null(plain.Run(pass => plain.Forward(pass, Tensor.Zeros(2, 3)).Mask));
    }

    [Fact]
    public void Padded_ids_give_what_the_sequence_gives_alone()
    {
        var model = new Sequential(new Embedding(9, 3) { MaskZero = true }, AttentionPooling.Additive(4), new Dense(2));
        float[] padded = model.Predict(Tensor.From([0f, 4, 7, 0, 0, 2], 1, 6)).ToArray();
        Assert.Equal(model.Predict(Tensor.From([4f, 7, 2], 1, 3)).ToArray(), padded, (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    [Theory]
    [InlineData(-1f, "-1")]
    [InlineData(5f, "5")]
    [InlineData(1.5f, "1.5")]
    [InlineData(float.NaN, "NaN")]
    public void An_unknown_id_is_named_with_its_place(float id, string text)
    {
        var model = new Sequential(new Embedding(5, 2), new GlobalMeanPooling());
        model.Compile(new Sgd(), Loss.MeanSquaredError);
        Tensor ids = Tensor.From([0f, 1, 2, 3, 4, 0, 1, 2, id], 3, 3);
        string expected = $"Layer embedding (embedding): sample 2 has id {text} at step 2, but ids are whole numbers 0 … 4.";
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => model.Predict(ids)).Message);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => model.Predict(ids, batchSize: 2)).Message);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => model.Fit(ids, Tensor.Zeros(3, 2), new FitOptions { BatchSize = 1 })).Message);
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => model.Run(pass => model.Forward(pass, ids))).Message);
    }

    [Fact]
    public void Training_by_rows_is_training_by_the_whole_table()
    {
        // The twin takes its vectors by a product with one-hot ids, so that every row of its gradient is written at every step.
        const int vocabulary = 30, steps = 4;
        var embedding = new Embedding(vocabulary, 5);
        var model = new Sequential(embedding, new Dense(1));
        var dense = new Dense(5) { UseBias = false };
        var twin = new Sequential(dense, new Dense(1));
        model.Build(new Shape(steps));
        twin.Build(new Shape(steps, vocabulary));
        dense.Parameters[0].Set(embedding.Parameters[0].ToArray());
        twin.Layers[1].Parameters[0].Set(model.Layers[1].Parameters[0].ToArray());
        Tensor ids = Ids(40, steps, vocabulary), y = Tensor.Normal(new RandomStream(4), 40, steps, 1);
        float[] oneHot = new float[40 * steps * vocabulary];
        float[] flat = ids.ToArray();
        for (int i = 0; i < flat.Length; i++)
        {
            oneHot[i * vocabulary + (int)flat[i]] = 1;
        }
        var options = new FitOptions { Epochs = 5, BatchSize = 3 };
        model.Compile(new Adam(0.01) { ClipNorm = 0.5 }, Loss.MeanSquaredError);
        twin.Compile(new Adam(0.01) { ClipNorm = 0.5 }, Loss.MeanSquaredError);

        model.Fit(ids, y, options);
        twin.Fit(Tensor.From(oneHot, 40, steps, vocabulary), y, options);

        Assert.Equal(dense.Parameters[0].ToArray(), embedding.Parameters[0].ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Rows_of_an_earlier_step_have_no_gradient_left()
    {
        var embedding = new Embedding(6, 2);
        var model = new Sequential(embedding);
        model.Build(new Shape(2));
        Assert.Equal([1f, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0], Gradient([0, 4]));
        Assert.Equal([0f, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0], Gradient([1, 1]));
        // Applied twice in one pass, and once by way of the whole table.
        Assert.Equal([0f, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1], Gradient([1, 2], [3, 5]));
        Assert.Equal(Enumerable.Repeat(1f, 12), GradientOf(pass => pass.Sum(pass.Use(embedding.Parameters[0]))));
        Assert.Equal([0f, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0], Gradient([3, 4]));

        float[] Gradient(params float[][] ids) => GradientOf(pass =>
        {
            Tensor sum = pass.Sum(embedding.Apply(pass, Tensor.From(ids[0], 1, 2)));
            return ids.Length == 1 ? sum : pass.Add(sum, pass.Sum(embedding.Apply(pass, Tensor.From(ids[1], 1, 2))));
        });

        float[] GradientOf(Func<Pass, Tensor> loss) => model.Run(
            pass =>
            {
                pass.Backward(loss(pass));
                return embedding.Parameters[0].GradientToArray()!;
            },
            training: true);
    }

    [Fact]
    public void Watched_vectors_of_a_frozen_table_have_a_gradient_and_the_table_none()
    {
        var model = new Sequential(new Embedding(4, 3), new GlobalMeanPooling());
        model.Build(new Shape(2));
        model.Parameters[0].IsTrainable = false;
        model.Run(
            pass =>
            {
                Tensor vectors = model.Layers[0].Apply(pass, Tensor.From([1f, 2], 1, 2));
                pass.Watch(vectors);
                pass.Backward(pass.Sum(model.Layers[1].Apply(pass, vectors)));
                Assert.Equal(Enumerable.Repeat(0.5f, 6), pass.GradientToArray(vectors));
                Assert.Null(model.Parameters[0].GradientToArray());
                return 0;
            },
            training: true);
    }

    [Fact]
    public void Dropped_ids_are_dropped_wherever_they_stand_in_a_sequence()
    {
        const int batch = 40, steps = 30, vocabulary = 12;
        var layer = new Embedding(vocabulary, 2) { Dropout = 0.25, MaskZero = true };
        var model = new Sequential(layer);
        model.Build(new Shape(steps));
        float[] table = model.Parameters[0].ToArray();
        Tensor ids = Ids(batch, steps, vocabulary);
        int dropped = 0, seen = 0;
        foreach (float[] values in (float[][])[Run(1), Run(2)])
        {
            for (int row = 0; row < batch; row++)
            {
                var fates = new Dictionary<int, bool>();
                for (int t = 0; t < steps; t++)
                {
                    int id = (int)ids[row, t];
                    float first = values[(row * steps + t) * 2];
                    if (id > 0)
                    {
                        Assert.True(first == 0 || Math.Abs(first - table[id * 2] / 0.75f) < 1e-6f);
                        Assert.Equal(fates.TryAdd(id, first == 0) ? first == 0 : fates[id], first == 0);
                    }
                }
                (dropped, seen) = (dropped + fates.Count(fate => fate.Value), seen + fates.Count);
            }
        }
        Assert.InRange((double)dropped / seen, 0.2, 0.3);
        Assert.NotEqual(Run(1), Run(2));
        var plain = new Sequential(new Embedding(vocabulary, 2) { MaskZero = true });
        plain.Build(new Shape(steps));
        plain.Parameters[0].Set(table);
        Assert.Equal(plain.Predict(ids).ToArray(), model.Predict(ids).ToArray());

        float[] Run(long seed) => model.Run(
            pass =>
            {
                Tensor y = model.Forward(pass, ids);
                Assert.Equal(ids.ToArray().Count(id => id > 0), y.Mask!.RealCount); // a dropped word is no padding
                return y.ToArray();
            },
            training: true, new RandomStream(seed));
    }

    [Fact]
    public void The_gradient_goes_to_the_ids_that_were_kept()
    {
        using Device device = GradientCheck.DoubleDevice();
        var model = new Sequential(new Embedding(5, 3) { Dropout = 0.4 }) { Device = device };
        model.Build(new Shape(6));
        GradientCheck.Weights(model, (pass, _) => GradientCheck.Project(pass, model.Forward(pass, Ids(4, 6, 5))));
    }

    [Fact]
    public void A_steady_step_allocates_under_1_KB()
    {
        using Device device = Device.Cpu(2); // of its own: whoever else trains on the default one trims its pool
        var embedding = new Embedding(100, 8) { MaskZero = true, Dropout = 0.1 };
        var model = new Sequential(
            embedding, new Conv1D(8, 3) { Padding = Padding.Same }, new LayerNormalization(), AttentionPooling.Additive(4), new RepeatVector(3),
            new GlobalMaxPooling(), new TiedDense(embedding)) { Device = device };
        model.Compile(new Adam(), Loss.MeanSquaredError);
        var meter = new AllocationMeter(from: 5, to: 35);
        model.Fit(Ids(320, 10, 100), Tensor.Zeros(320, 100), new FitOptions { Epochs = 2, BatchSize = 8, Callbacks = [meter] });
        Assert.InRange(meter.Bytes / 30.0, 0, 1023);
    }

    [Fact]
    public void A_loaded_model_with_tied_weights_predicts_the_same_bits_and_stays_tied()
    {
        using var folder = new TemporaryFolder();
        var embedding = new Embedding(7, 4) { MaskZero = true };
        var model = new Sequential(embedding, new Lstm(4) { ReturnSequences = true }, new TiedDense(embedding, Activation.Softmax));
        Tensor ids = Ids(3, 5, 7);
        float[] expected = model.Predict(ids).ToArray();
        model.Save(folder.File("m"));
        Sequential loaded = Sequential.Load(folder.File("m"));
        Assert.Equal(expected, loaded.Predict(ids).ToArray());
        Assert.True(((Embedding)loaded.Layers[0]).MaskZero);
        Assert.Same(loaded.Layers[0], ((TiedDense)loaded.Layers[2]).Embedding);
    }

    [Fact]
    public void A_file_whose_tied_layer_names_no_embedding_is_refused()
    {
        using var folder = new TemporaryFolder();
        var embedding = new Embedding(7, 4);
        var model = new Sequential(embedding, new TiedDense(embedding));
        model.Build(new Shape(3));
        model.Save(folder.File("m"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("m"));
        string text = file.Metadata["engram"].Replace("\"embedding\":\"embedding\"", "\"embedding\":\"other\"", StringComparison.Ordinal);
        SafeTensorsFile.Write(folder.File("bad"), [.. file.Tensors.Values], new Dictionary<string, string> { ["engram"] = text });
        Assert.Contains("no embedding «other»", Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("bad"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tied_layer_needs_its_embedding_and_vectors_of_its_size()
    {
        var embedding = new Embedding(7, 4);
        Assert.Contains("before it", Assert.Throws<InvalidOperationException>(() => new Sequential(new TiedDense(embedding)).Predict(Tensor.Zeros(2, 4))).Message, StringComparison.Ordinal);
        _ = new Sequential(embedding).Predict(Tensor.Zeros(2, 3));
        var other = new Sequential(new Dense(4), new TiedDense(embedding));
        Assert.Contains("no layer of this model", Assert.Throws<InvalidOperationException>(() => other.Predict(Tensor.Zeros(2, 4))).Message, StringComparison.Ordinal);
        Node x = Node.Input(4);
        var graph = new Graph([x], [new TiedDense(embedding).Of(x)]);
        Assert.Contains("no layer of this model", Assert.Throws<InvalidOperationException>(() => graph.Build()).Message, StringComparison.Ordinal);
        embedding = new Embedding(7, 4);
        Assert.Contains("[..., 4]", Assert.Throws<ShapeException>(() => new Sequential(embedding, new Dense(5), new TiedDense(embedding)).Predict(Tensor.Zeros(2, 3))).Message, StringComparison.Ordinal);
    }

    private static Tensor Ids(int batch, int steps, int vocabulary)
    {
        var random = new RandomStream(12);
        return Tensor.From([.. Enumerable.Range(0, batch * steps).Select(i => MathF.Floor(random.Uniform(i) * vocabulary))], batch, steps);
    }
}
