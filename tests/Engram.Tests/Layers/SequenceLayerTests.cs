using Engram.Files;
using Engram.Tests.Autograd;
using Engram.Training;

namespace Engram.Tests.Layers;

/// <summary>The layers around recurrent ones: gradients, masks, model files and errors.</summary>
public sealed class SequenceLayerTests
{
    private static readonly Dictionary<string, Func<Layer>> Layers = new()
    {
        ["dense"] = () => new Dense(3, Activation.Tanh),
        ["layer-normalization"] = () => new LayerNormalization { Epsilon = 0.01 },
        ["global-mean-pooling"] = () => new GlobalMeanPooling(),
        ["global-max-pooling"] = () => new GlobalMaxPooling(),
        ["additive attention"] = () => AttentionPooling.Additive(5),
        ["dot-product attention"] = () => AttentionPooling.DotProduct(),
        ["conv1d same"] = () => new Conv1D(4, 3, Activation.Tanh) { Padding = Padding.Same },
        ["conv1d causal"] = () => new Conv1D(4, 2) { Padding = Padding.Causal, Dilation = 3 },
        ["conv1d valid"] = () => new Conv1D(4, 1) { UseBias = false },
        ["reshape"] = () => new Reshape(-1, 3, 1),
    };

    public static TheoryData<string> Kinds => [.. Layers.Keys];

    public static TheoryData<string, int, int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int, bool>();
            foreach (string kind in Layers.Keys)
            {
                foreach ((int batch, int steps) in ((int, int)[])[(1, 1), (7, 1), (1, 2), (7, 2), (1, 50), (7, 50)])
                {
                    cases.Add(kind, batch, steps, false);
                    cases.Add(kind, batch, steps, true);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients(string kind, int batch, int steps, bool masked)
    {
        using Device device = GradientCheck.DoubleDevice();
        var model = new Sequential(Layers[kind](), new Dense(2)) { Device = device };
        SequenceMask? mask = masked ? MaskPatterns.Mixed(batch, steps) : null;
        GradientCheck.Model(model, (pass, x) => GradientCheck.Project(pass, model.Forward(pass, pass.Masked(x[0], mask))), new Shape(batch, steps, 3));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_padded_sequence_gives_what_it_gives_alone(string kind)
    {
        const int batch = 10, steps = 9;
        bool gaps = !kind.StartsWith("conv1d", StringComparison.Ordinal); // a gap reads as zeros there
        var model = new Sequential(Layers[kind]());
        Tensor x = Tensor.Normal(new RandomStream(3), batch, steps, 3);
        SequenceMask mask = MaskPatterns.Mixed(batch, steps, gaps);
        Tensor together = model.Predict(x, mask);
        for (int row = 0; row < batch; row++)
        {
            int one = (int)(together.Shape.Count / batch);
            float[] actual = together.ToArray()[(row * one)..((row + 1) * one)];
            if (mask.Lengths[row] == 0)
            {
                Assert.True(together.Shape.Rank > 2 || actual.All(value => value == 0), "A sequence without real steps gives zeros.");
                continue;
            }
            float[] alone = model.Predict(MaskPatterns.Alone(x, mask, row)).ToArray();
            if (together.Shape.Rank > 2)
            {
                int width = one / steps;
                actual = [.. mask.RealSteps(row).ToArray().SelectMany(t => actual.AsSpan(t * width, width).ToArray())];
            }
            Assert.Equal(alone, actual, (a, b) => MathF.Abs(a - b) <= 1e-6f);
        }
    }

    [Fact]
    public void Padding_that_is_no_number_does_no_harm()
    {
        var model = new Sequential(new Dense(3), new LayerNormalization(), AttentionPooling.Additive(2), new Dense(1));
        model.Compile(new Adam(), Loss.MeanSquaredError);
        Tensor x = Tensor.Normal(new RandomStream(3), 4, 5, 2);
        SequenceMask mask = SequenceMask.FromLengths([5, 3, 0, 1], 5);
        x.Body.Host!.AsSpan(2 * (5 + 3), 4).Fill(float.NaN);
        History history = model.Fit(x, Tensor.Zeros(4, 1), mask, new FitOptions { Epochs = 2 });
        Assert.All(history.Epochs, epoch => Assert.True(double.IsFinite(epoch.Loss)));
        Assert.True(float.IsNaN(x[1, 3, 0]), "The caller's array is left as it is.");
    }

    [Fact]
    public void Whole_windows_alone_are_real_behind_a_convolution_without_padding()
    {
        var model = new Sequential(new Conv1D(2, 3), new GlobalMeanPooling());
        Tensor x = Tensor.Normal(new RandomStream(3), 3, 8, 2);
        SequenceMask mask = SequenceMask.FromPattern([.. Enumerable.Range(0, 24).Select(i => i is < 5 or >= 11 and < 16 or 20)], 3, 8);
        float[] together = model.Predict(x, mask).ToArray();
        Assert.Equal(model.Predict(MaskPatterns.Alone(x, mask, 0)).ToArray(), together[..2], (a, b) => MathF.Abs(a - b) <= 1e-6f);
        Assert.Equal(model.Predict(MaskPatterns.Alone(x, mask, 1)).ToArray(), together[2..4], (a, b) => MathF.Abs(a - b) <= 1e-6f);
        Assert.Equal([0f, 0f], together[4..]);
    }

    [Fact]
    public void A_stack_of_layers_gives_every_sequence_what_it_gives_alone_whatever_the_mask()
    {
        var model = new Sequential(
            new Dense(6, Activation.Tanh), new LayerNormalization(), new Lstm(5) { ReturnSequences = true }, new Residual(new Gru(5) { ReturnSequences = true }),
            AttentionPooling.Additive(4), new Dense(2));
        var random = new RandomStream(31);
        for (int round = 0; round < 20; round++)
        {
            int batch = 1 + (int)(random.Uniform(3L * round) * 6), steps = 1 + (int)(random.Uniform(3L * round + 1) * 12);
            RandomStream pattern = random.Derive(round);
            double share = random.Uniform(3L * round + 2);
            SequenceMask mask = SequenceMask.FromPattern([.. Enumerable.Range(0, batch * steps).Select(i => pattern.Uniform(i) < share)], batch, steps);
            Tensor x = Tensor.Normal(pattern.Derive("x"), batch, steps, 3);
            float[] together = model.Predict(x, mask, batchSize: 4).ToArray();
            for (int row = 0; row < batch; row++)
            {
                if (mask.Lengths[row] > 0)
                {
                    float[] alone = model.Predict(MaskPatterns.Alone(x, mask, row)).ToArray();
                    Assert.Equal(alone, together[(2 * row)..(2 * row + 2)], (a, b) => MathF.Abs(a - b) <= 2e-6f);
                }
            }
        }
    }

    [Fact]
    public void RepeatVector_repeats()
    {
        using Device device = GradientCheck.DoubleDevice();
        GradientCheck.Model(new Sequential(new Dense(2), new RepeatVector(4), new Lstm(3)) { Device = device }, new Shape(3, 2));
        Assert.Equal([1f, 2, 1, 2, 3, 4, 3, 4], new Sequential(new RepeatVector(2)).Predict(Tensor.From([1f, 2, 3, 4], 2, 2)).ToArray());
    }

    [Fact]
    public void A_convolution_by_hand()
    {
        var layer = new Conv1D(1, 2) { Dilation = 2, Padding = Padding.Causal };
        var model = new Sequential(layer);
        model.Build(new Shape(4, 1));
        layer.Parameters[0].Set([10f, 1]);
        layer.Parameters[1].Set([0.5f]);
        Assert.Equal([1.5f, 2.5f, 13.5f, 24.5f], model.Predict(Tensor.From([1f, 2, 3, 4], 1, 4, 1)).ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_loaded_model_predicts_the_same_bits(string kind)
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(Layers[kind]());
        Tensor x = Tensor.Normal(new RandomStream(1), 4, 6, 3);
        SequenceMask mask = MaskPatterns.Mixed(4, 6);
        float[] expected = model.Predict(x, mask).ToArray();
        model.Save(folder.File("m"));
        Assert.Equal(expected, Sequential.Load(folder.File("m")).Predict(x, mask).ToArray());
    }

    [Theory]
    [InlineData("\"filters\":4", "\"filters\":0", "filters")]
    [InlineData("\"size\":2", "\"size\":1048577", "size")]
    [InlineData("\"size\":2", "\"size\":1048576", "out of range")]
    [InlineData("\"dilation\":1", "\"dilation\":0", "dilation")]
    [InlineData("\"dilation\":1", "\"dilation\":6", "at least 7 steps")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":\"round\"", "round")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":7", "padding")]
    [InlineData("\"epsilon\":0.001", "\"epsilon\":-1", "epsilon")]
    [InlineData("\"epsilon\":0.001", "\"epsilon\":\"a\"", "epsilon")]
    [InlineData("\"units\":3", "\"units\":-1", "units")]
    [InlineData("\"units\":3", "\"units\":0", "attention-pooling")]
    [InlineData("\"sizes\":[2,-1]", "\"sizes\":[-1,-1]", "−1")]
    [InlineData("\"sizes\":[2,-1]", "\"sizes\":[3,-1]", "reshape")]
    [InlineData("\"sizes\":[2,-1]", "\"sizes\":[1,2,3,4]", "sizes")]
    [InlineData("\"steps\":3", "\"steps\":0", "steps")]
    [InlineData("\"steps\":3", "\"steps\":1048576", "repeat-vector")]
    public void Options_of_a_file_that_make_no_layer_are_refused(string before, string after, string named)
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(
            new RepeatVector(3), new Conv1D(4, 2), new LayerNormalization(), AttentionPooling.Additive(3), new Reshape(2, -1), new GlobalMeanPooling());
        model.Build(new Shape(64));
        model.Save(folder.File("m"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("m"));
        string text = file.Metadata["engram"];
        Assert.Contains(before, text, StringComparison.Ordinal);
        // Padded, so that the window's size alone is what is too large.
        text = after.Contains("1048576", StringComparison.Ordinal) ? text.Replace("\"valid\"", "\"same\"", StringComparison.Ordinal) : text;
        SafeTensorsFile.Write(folder.File("bad"), [.. file.Tensors.Values], new Dictionary<string, string> { ["engram"] = text.Replace(before, after, StringComparison.Ordinal) });
        Assert.Contains(named, Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("bad"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RepeatVector_and_Reshape_stand_in_model_files()
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(new RepeatVector(3), new Reshape(2, -1), new Lstm(2));
        Tensor x = Tensor.Normal(new RandomStream(1), 4, 6);
        float[] expected = model.Predict(x).ToArray();
        model.Save(folder.File("m"));
        Assert.Equal(expected, Sequential.Load(folder.File("m")).Predict(x).ToArray());
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_refused()
    {
        Refused(new GlobalMeanPooling(), "[batch, time, features]", 4, 5);
        Refused(new GlobalMaxPooling(), "at least one time step", 4, 0, 2);
        Refused(AttentionPooling.Additive(2), "at least one time step", 4, 2, 0);
        Refused(AttentionPooling.DotProduct(), "[batch, time, features]", 4, 5);
        Refused(new LayerNormalization(), "[batch, features]", 4, 0);
        Refused(new Conv1D(2, 3) { Dilation = 2 }, "at least 5 steps", 4, 4, 2);
        Refused(new Conv1D(2, 3), "[batch, time, features]", 4, 4);
        Refused(new RepeatVector(2), "[batch, features]", 4, 4, 1);
        Refused(new Reshape(3, 3), "[3, 3]", 4, 4, 2);
        Refused(new Reshape(-1, 3), "[-1, 3]", 4, 4, 2);
        Refused(new Conv1D(2, 3) { Dilation = (1 << 30) - 1 }, "at least 2147483647 steps", 4, 4, 2);
        Refused(new Embedding(3, 2), "ids [batch, time]", 4, 4, 1);
        Refused(new Embedding(3, 2), "at least one time step", 4, 0);
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(1, 1) { Dilation = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionPooling.Additive(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNormalization { Epsilon = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RepeatVector(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding((1 << 24) + 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(1, 3) { Dilation = 1 << 30 });
        Assert.Throws<ArgumentException>(() => new Reshape());
        Assert.Throws<ArgumentException>(() => new Reshape(1 << 30, 1 << 30, 1 << 30));
        Assert.Throws<ArgumentException>(() => new Reshape(1 << 16, 1 << 16, -1));
        Assert.Throws<ArgumentException>(() => new Reshape(-1, -1));
        Assert.Throws<ArgumentException>(() => new Reshape(0, 2));
        Assert.Throws<ArgumentException>(() => new Reshape(1, 1, 1, 1));
    }

    [Fact]
    public void Layers_too_large_for_a_tensor_say_so()
    {
        TooLarge("repeat", new RepeatVector(2_000_000_000), new Shape(2));
        TooLarge("dense.kernel", new Dense(2_000_000_000), new Shape(2));
        TooLarge("conv1d.kernel", new Conv1D(1, 2_000_000_000) { Padding = Padding.Causal }, new Shape(4, 2));

        static void TooLarge(string what, Layer layer, Shape sample) =>
            Assert.Contains(what + ":", Assert.Throws<ShapeException>(() => new Sequential(layer).Build(sample)).Message, StringComparison.Ordinal);
    }

    private static void Refused(Layer layer, string expected, params int[] sizes)
    {
        ShapeException error = Assert.Throws<ShapeException>(() => new Sequential(layer).Predict(Tensor.Zeros(sizes)));
        Assert.StartsWith($"Layer {layer.Kind.Replace('_', '-')} ({layer.Kind}) expects ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains($"[1, {string.Join(", ", sizes[1..])}]", error.Message, StringComparison.Ordinal);
    }
}
