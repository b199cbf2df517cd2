using Engram.Tests.Layers;

namespace Engram.Tests.Models;

/// <summary>A stream gives, to the bit, what the whole sequence gives.</summary>
public sealed class ModelStreamTests
{
    public static TheoryData<string, string> Layers()
    {
        var data = new TheoryData<string, string>();
        foreach (string cell in RecurrentLayers.Cells)
        {
            foreach (string feature in RecurrentLayers.Features.Where(feature => feature != "backwards" && RecurrentLayers.Has(cell, feature)))
            {
                data.Add(cell, feature);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Steps_equal_the_batch_to_the_bit(string cell, string feature)
    {
        foreach (int units in (int[])[feature == "projection" ? 2 : 1, 16, 19])
        {
            const int steps = 12;
            var model = new Sequential(RecurrentLayers.Create(cell, units, sequences: true, feature), RecurrentLayers.Create(cell, 5, sequences: true), new Dense(2, Activation.Tanh));
            model.Build(new Shape(steps, 3), seed: 4);
            foreach (int batch in (int[])[1, 7])
            {
                Tensor x = Tensor.Normal(new RandomStream(batch), batch, steps, 3);
                float[] expected = model.Predict(x).ToArray(), input = new float[batch * 3], output = new float[batch * 2], inputs = x.ToArray();
                ModelStream stream = model.Stream(batch);
                for (int run = 0; run < 2; run++)
                {
                    for (int step = 0; step < steps; step++)
                    {
                        for (int row = 0; row < batch; row++)
                        {
                            inputs.AsSpan((row * steps + step) * 3, 3).CopyTo(input.AsSpan(row * 3));
                        }
                        stream.Step(input, output);
                        for (int row = 0; row < batch; row++)
                        {
                            Assert.Equal(expected.AsSpan((row * steps + step) * 2, 2).ToArray(), output.AsSpan(row * 2, 2).ToArray());
                        }
                    }
                    Assert.Equal(steps, stream.Steps);
                    stream.Reset();
                }
            }
        }
    }

    /// <summary>The bits, not only the size: sums of rounded weights are made in the one order of all sums.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void A_stream_of_bfloat16_weights_equals_a_model_of_rounded_weights(string cell, string feature)
    {
        foreach (int units in (int[])[feature == "projection" ? 2 : 1, 16, 35])
        {
            var model = new Sequential(RecurrentLayers.Create(cell, units, sequences: true, feature), new Dense(2));
            model.Build(new Shape(9, 3), seed: 4);
            foreach (int batch in (int[])[1, 7])
            {
                float[] full = Steps(model.Stream(batch)), halved = Steps(model.Stream(batch, WeightPrecision.BFloat16));
                var layer = (RecurrentLayer)model.Layers[0];
                float[][] weights = [layer.Kernel.ToArray(), layer.RecurrentKernel.ToArray()];
                layer.Kernel.Set([.. weights[0].Select(Rounded)]);
                layer.RecurrentKernel.Set([.. weights[1].Select(Rounded)]);
                Assert.Equal(Steps(model.Stream(batch)), halved);
                Assert.True(units < 3 || !full.SequenceEqual(halved)); // one unit alone is always normalised to zero
                Assert.All(full.Zip(halved), pair => Assert.Equal(pair.First, pair.Second, 0.03f));
                layer.Kernel.Set(weights[0]);
                layer.RecurrentKernel.Set(weights[1]);
            }
        }

        static float Rounded(float value) => BitConverter.UInt32BitsToSingle(Engram.Kernels.HalfKernel<float, Engram.Kernels.Lanes.Lane<float>>.Rounded(value));

        static float[] Steps(ModelStream stream)
        {
            var outputs = new List<float>();
            float[] output = new float[stream.Batch * 2];
            for (int step = 0; step < 9; step++)
            {
                stream.Step(Tensor.Normal(new RandomStream(step), stream.Batch, 3).ToArray(), output);
                outputs.AddRange(output);
            }
            return [.. outputs];
        }
    }

    [Fact]
    public void Numbers_are_rounded_to_the_nearest_bfloat16()
    {
        foreach (float value in (float[])[0, -0f, 1, 1.00390625f, 1.01171875f, -3.14159274f, 1e-40f, float.MaxValue, float.PositiveInfinity, float.NaN])
        {
            float rounded = BitConverter.UInt32BitsToSingle(Engram.Kernels.HalfKernel<float, Engram.Kernels.Lanes.Lane<float>>.Rounded(value));
            Assert.Equal(0u, BitConverter.SingleToUInt32Bits(rounded) & 0xFFFF);
            Assert.True(float.IsNaN(value) ? float.IsNaN(rounded) : float.IsInfinity(rounded) || Math.Abs(rounded - (double)value) <= Math.Abs((double)value) / 256 + 1e-40);
        }
        Assert.Equal(1, Nearest(1.00390625f)); // half way: to even
        Assert.Equal(1.015625f, Nearest(1.01171875f));

        static float Nearest(float value) => BitConverter.UInt32BitsToSingle(Engram.Kernels.HalfKernel<float, Engram.Kernels.Lanes.Lane<float>>.Rounded(value));
    }

    [Fact]
    public void A_model_that_gives_its_last_output_gives_that_of_the_sequence_so_far()
    {
        var model = new Sequential(new Lstm(6) { ReturnSequences = true }, new Gru(4), new Dense(1));
        model.Build(new Shape(9, 2));
        Tensor x = Tensor.Normal(new RandomStream(1), 1, 9, 2);
        ModelStream stream = model.Stream();
        float[] output = new float[1];
        for (int step = 0; step < 9; step++)
        {
            stream.Step(x.ToArray().AsSpan(step * 2, 2), output);
        }
        Assert.Equal(model.Predict(x).ToArray(), output);
    }

    [Fact]
    public void Ids_are_streamed_one_by_one()
    {
        var model = new Sequential(new Embedding(10, 4), new Lstm(6) { ReturnSequences = true }, new Dense(3, Activation.Softmax));
        model.Build(new Shape(5));
        float[] ids = [3, 1, 4, 1, 5], output = new float[3], expected = model.Predict(Tensor.From(ids, 1, 5)).ToArray();
        ModelStream stream = model.Stream();
        for (int step = 0; step < 5; step++)
        {
            stream.Step(ids.AsSpan(step, 1), output);
            Assert.Equal(expected.AsSpan(step * 3, 3).ToArray(), output);
        }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("rnn")]
    public void Steps_of_which_only_some_have_a_mask_equal_the_batch(string cell)
    {
        const int batch = 2, steps = 8;
        var model = new Gaps(RecurrentLayers.Create(cell, 3, sequences: false));
        model.Build(new Shape(steps, 2));
        float[] x = Tensor.Normal(new RandomStream(1), batch, steps, 2).ToArray(), input = new float[2 * batch], output = new float[3 * batch];
        foreach (int step in (int[])[2, 3, 6])
        {
            x[step * 2] = float.NaN; // of the first sequence alone
        }
        ModelStream stream = model.Stream(batch);
        for (int run = 0; run < 2; run++)
        {
            for (int step = 0; step < steps; step++)
            {
                x.AsSpan(step * 2, 2).CopyTo(input);
                x.AsSpan((steps + step) * 2, 2).CopyTo(input.AsSpan(2));
                stream.Step(input, output);
                float[] soFar = [.. x.AsSpan(0, (step + 1) * 2), .. x.AsSpan(steps * 2, (step + 1) * 2)];
                Assert.Equal(model.Predict(Tensor.From(soFar, batch, step + 1, 2)).ToArray(), output);
            }
            stream.Reset();
        }
    }

    [Fact]
    public void A_model_that_uses_the_last_state_is_streamed()
    {
        var model = new StateAsOutput();
        model.Build(new Shape(5, 2));
        Tensor x = Tensor.Normal(new RandomStream(1), 1, 5, 2);
        ModelStream stream = model.Stream();
        float[] output = new float[7];
        for (int step = 0; step < 5; step++)
        {
            stream.Step(x.ToArray().AsSpan(step * 2, 2), output);
        }
        Assert.Equal(model.Predict(x).ToArray(), output);
    }

    [Fact]
    public void After_the_first_steps_nothing_is_allocated()
    {
        using Device device = Device.Cpu(1); // of its own: whoever else trains on the default one trims its pool
        var model = new Sequential(
            new Embedding(5, 8), new Residual(new Lstm(8) { ReturnSequences = true }), new Gru(20) { ReturnSequences = true }, new LayerNormalization(), new Dense(1)) { Device = device };
        model.Build(new Shape(10));
        ModelStream stream = model.Stream();
        float[] input = [3], output = new float[1];
        for (int i = 0; i < 200; i++)
        {
            stream.Step(input, output);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            stream.Step(input, output);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Layers_that_need_whole_sequences_are_refused_by_name()
    {
        foreach (Layer layer in (Layer[])[new Bidirectional(new Lstm(3)), new Lstm(3) { GoBackwards = true }, new GlobalMaxPooling(), new Residual(new Gru(2) { GoBackwards = true, ReturnSequences = true })])
        {
            var model = new Sequential(layer);
            model.Build(new Shape(4, 2));
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => model.Stream());
            Assert.Contains(layer.Name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Layers_that_need_whole_sequences_are_not_trained_piece_by_piece()
    {
        var model = new Sequential(new Bidirectional(new Lstm(3) { ReturnSequences = true }), new Dense(1));
        model.Compile(new Sgd(0.1), Loss.MeanSquaredError);
        (Tensor x, Tensor y) = (Tensor.Zeros(2, 4, 2), Tensor.Zeros(2, 4, 1));
        var pieces = new Engram.Training.FitOptions { Truncation = new(2) };
        Assert.Contains("bidirectional", Assert.Throws<InvalidOperationException>(() => model.Fit(x, y, pieces)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => model.Evaluate(new Engram.Training.ArraySource(x, y), carryState: true));
    }

    [Fact]
    public void A_model_of_plain_vectors_is_refused()
    {
        var model = new Sequential(new Dense(3));
        model.Build(new Shape(5));
        Assert.Contains("takes sequences", Assert.Throws<InvalidOperationException>(() => model.Stream()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_weights_and_steps_of_another_size_are_refused()
    {
        var model = new Sequential(new Lstm(3));
        Assert.Contains("Build", Assert.Throws<InvalidOperationException>(() => model.Stream()).Message, StringComparison.Ordinal);
        model.Build(new Shape(4, 2));
        ModelStream stream = model.Stream();
        Assert.Contains("1 × 2", Assert.Throws<ArgumentException>(() => stream.Step(new float[3], new float[3])).Message, StringComparison.Ordinal);
        Assert.Contains("1 × 3", Assert.Throws<ArgumentException>(() => stream.Step(new float[2], new float[2])).Message, StringComparison.Ordinal);
    }

    /// <summary>Leaves out the steps without a number, and knows of no mask where every step has one.</summary>
    private sealed class Gaps : Model
    {
        private readonly RecurrentLayer _layer;

        public Gaps(RecurrentLayer layer) => _layer = Track(layer);

        public override Tensor Forward(Pass pass, Tensor input)
        {
            (int batch, int steps) = (input.Shape[0], input.Shape[1]);
            float[] x = input.ToArray();
            bool[] real = [.. Enumerable.Range(0, batch * steps).Select(i => !float.IsNaN(x[2 * i]))];
            return _layer.Apply(pass, real.Contains(false) ? pass.Masked(input, SequenceMask.FromPattern(real, batch, steps)) : input);
        }
    }

    /// <summary>c of one layer beside h of another.</summary>
    private sealed class StateAsOutput : Model
    {
        private readonly Lstm _lstm;
        private readonly Gru _gru;

        public StateAsOutput() => (_lstm, _gru) = (Track(new Lstm(3)), Track(new Gru(4)));

        public override Tensor Forward(Pass pass, Tensor input) =>
            pass.Concatenate(_lstm.Apply(pass, input, initial: null).State.Cell, _gru.Apply(pass, input, initial: null).State);
    }

    [Fact]
    public void A_step_that_fails_half_way_is_not_gone_on_from()
    {
        Refusing refusing = new();
        Sequential model = new(new Lstm(3) { ReturnSequences = true }, refusing, new Lstm(2));
        model.Build(new Shape(4, 1));
        ModelStream stream = model.Stream();
        float[] first = new float[2], output = new float[2];
        stream.Step([0.5f], first);
        Assert.Throws<ArgumentException>(() => stream.Step([1, 2], output)); // refused before anything is touched
        stream.Step([-0.5f], output);

        refusing.Refuses = true;
        Assert.Throws<DivideByZeroException>(() => stream.Step([1], output));
        refusing.Refuses = false;

        Assert.Contains("Reset", Assert.Throws<InvalidOperationException>(() => stream.Step([1], output)).Message, StringComparison.Ordinal);
        stream.Reset();
        stream.Step([0.5f], output);
        Assert.Equal(first, output);
        Assert.Equal(1, stream.Steps);
    }

    private sealed class Refusing : Layer
    {
        public bool Refuses { get; set; }

        public override string Kind => "refusing";

        protected override Tensor Forward(Pass pass, Tensor input) => Refuses ? throw new DivideByZeroException() : pass.Scale(input, 1);
    }
}
