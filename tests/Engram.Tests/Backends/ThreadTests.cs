using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Engram.Training;

namespace Engram.Tests.Backends;

/// <summary>Same seed, same bits: whatever the number of threads, in every run, from many threads at once.</summary>
public sealed class ThreadTests
{
    /// <summary>ENGRAM_REPEATS sets another number.</summary>
    private static readonly int _repeats =
        int.Parse(Environment.GetEnvironmentVariable("ENGRAM_REPEATS") ?? "10", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void Trained_weights_are_the_same_to_the_bit_for_any_number_of_threads()
    {
        string expected = TrainAndHash(1);
        foreach (int threads in (int[])[1, 2, 3, 4, 8, 16])
        {
            for (int i = 0; i < _repeats; i++)
            {
                Assert.Equal(expected, TrainAndHash(threads));
            }
        }
    }

    [Fact]
    public void Layers_over_sequences_are_the_same_to_the_bit_for_any_number_of_threads()
    {
        string expected = Train(1);
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.Equal(expected, Train(threads));
        }

        static string Train(int threads)
        {
            using Device device = Device.Cpu(threads);
            var embedding = new Embedding(50, 24) { MaskZero = true };
            // Each of these has more work in a batch than one thread is given: see ShardsFor.
            Node ids = Node.Input(40);
            Node x = new LayerNormalization().Of(new Conv1D(24, 3) { Padding = Padding.Same }.Of(embedding.Of(ids)));
            Node pooled = new Concatenate().Of(AttentionPooling.Additive(8).Of(x), new GlobalMeanPooling().Of(x), new GlobalMaxPooling().Of(x));
            var model = new Graph([ids], [new TiedDense(embedding).Of(new Dense(24).Of(pooled))]) { Device = device };
            model.Compile(new Adam(0.01) { ClipNorm = 1 }, Loss.MeanSquaredError);
            Tensor data = Tensor.From([.. Enumerable.Range(0, 64 * 40).Select(i => (float)(i * 7 % 50))], 64, 40);
            model.Fit(data, Tensor.Normal(new RandomStream(2), 64, 50), new FitOptions { Epochs = 2, BatchSize = 32 });
            return Hash(model);
        }
    }

    public static TheoryData<string> RecurrentLayers => [.. SharedUnits.Keys];

    /// <summary>Layers so wide that threads share the units of a batch that has too few rows to share.</summary>
    private static readonly Dictionary<string, Func<Layer>> SharedUnits = new()
    {
        ["lstm"] = () => new Lstm(180) { RecurrentDropout = 0.2 },
        ["peephole"] = () => new Lstm(180) { Variant = LstmVariant.Peephole },
        ["coupled"] = () => new Lstm(180) { Variant = LstmVariant.Coupled, Zoneout = 0.1 },
        ["layer-norm"] = () => new Lstm(180) { Variant = LstmVariant.LayerNorm },
        ["projection"] = () => new Lstm(180) { Projection = 90, CellZoneout = 0.1 },
        ["gru"] = () => new Gru(180) { ReturnSequences = false },
        ["gru-reset-before"] = () => new Gru(180) { ResetAfter = false, RecurrentDropout = 0.2 },
        ["rnn"] = () => new SimpleRnn(500),
    };

    [Theory]
    [MemberData(nameof(RecurrentLayers))]
    public void Units_shared_among_threads_give_the_same_bits(string kind)
    {
        string expected = Train(1);
        foreach (int threads in (int[])[2, 3, 7])
        {
            Assert.Equal(expected, Train(threads));
        }

        string Train(int threads)
        {
            using Device device = Device.Cpu(threads);
            var model = new Sequential(new Dense(70), SharedUnits[kind](), new Dense(1)) { Device = device };
            model.Compile(new Sgd(0.01), Loss.MeanSquaredError);
            Tensor x = Tensor.Normal(new RandomStream(1), 9, 6, 5), y = Tensor.Normal(new RandomStream(2), 9, 1);
            var lengths = SequenceMask.FromLengths([6, 1, 0, 4, 6, 3, 2, 6, 5], 6);
            model.Fit(x, y, new FitOptions { Epochs = 2, BatchSize = 3 });
            float[] alone = model.Predict(x, batchSize: 1).ToArray();
            Assert.Equal(alone, model.Predict(x).ToArray());
            float[] masked = model.Run(pass => model.Forward(pass, pass.Masked(pass.Input(x), lengths)).ToArray());
            return Hash(model) + string.Join(' ', alone.Concat(masked).Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Another_seed_gives_other_weights() => Assert.NotEqual(TrainAndHash(2, seed: 0), TrainAndHash(2, seed: 1));

    [Fact]
    public void Predictions_do_not_depend_on_the_batch_size()
    {
        var model = new Sequential(new Lstm(21) { ReturnSequences = true }, new Lstm(20), new Dense(5));
        Tensor x = Tensor.Normal(new RandomStream(1), 37, 9, 3);
        float[] together = model.Predict(x).ToArray();
        foreach (int batchSize in (int[])[1, 2, 5, 36])
        {
            Assert.Equal(together, model.Predict(x, batchSize).ToArray());
        }
    }

    [Fact]
    public async Task Many_threads_predict_with_one_model_at_once()
    {
        var model = new Sequential(new Lstm(33) { ReturnSequences = true }, new Lstm(8), new Dense(2));
        Tensor[] inputs = [.. Enumerable.Range(0, 16).Select(i => Tensor.Normal(new RandomStream(i), 1 + i, 20, 2))];
        using Device alone = Device.Cpu(1);
        var reference = new Sequential(new Lstm(33) { ReturnSequences = true }, new Lstm(8), new Dense(2)) { Device = alone };
        float[][] expected = [.. inputs.Select(x => reference.Predict(x).ToArray())];

        // The model has met no input yet, so its weights are made in the rush as well.
        float[][][] actual = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => inputs.Select(x => model.Predict(x).ToArray()).ToArray())));

        Assert.All(actual, results => Assert.Equal(expected, results));
    }

    private static string TrainAndHash(int threads, long seed = 0)
    {
        using Device device = Device.Cpu(threads);
        var model = new Sequential(new Lstm(18) { ReturnSequences = true }, new Dropout(0.3), new Lstm(7), new Dense(1)) { Device = device };
        model.Compile(new Adam(0.01) { ClipNorm = 1 }, Loss.MeanSquaredError);
        Tensor x = Tensor.Normal(new RandomStream(1), 50, 15, 3), y = Tensor.Normal(new RandomStream(2), 50, 1);
        model.Fit(x, y, new FitOptions { Epochs = 3, BatchSize = 16, Seed = seed });
        return Hash(model);
    }

    private static string Hash(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Parameter parameter in model.Parameters)
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(parameter.ToArray()));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
