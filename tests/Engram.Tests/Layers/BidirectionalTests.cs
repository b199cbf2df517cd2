using Engram.Tests.Autograd;

namespace Engram.Tests.Layers;

public sealed class BidirectionalTests
{
    [Theory]
    [InlineData(BidirectionalMerge.Concatenate)]
    [InlineData(BidirectionalMerge.Sum)]
    [InlineData(BidirectionalMerge.Mean)]
    public void Gradients(BidirectionalMerge merge)
    {
        foreach (bool sequences in (bool[])[false, true])
        {
            foreach (bool masked in (bool[])[false, true])
            {
                using Device device = GradientCheck.DoubleDevice();
                var layer = new Bidirectional(new Gru(4) { ReturnSequences = sequences }, merge);
                SequenceMask? mask = masked ? RecurrentLayers.Mask(5, 3, 1) : null;
                GradientCheck.Model(
                    new Sequential(layer) { Device = device }, (pass, x) => GradientCheck.Project(pass, layer.Apply(pass, pass.Masked(x[0], mask))), new Shape(5, 3, 2));
            }
        }
    }

    [Fact]
    public void The_backward_copy_reads_from_the_end_and_puts_out_where_it_reads()
    {
        var layer = new Bidirectional(new Lstm(3) { ReturnSequences = true });
        var model = new Sequential(layer);
        Tensor x = Tensor.Normal(new RandomStream(1), 1, 4, 2);
        float[] output = model.Predict(x).ToArray(); // [1, 4, 6]
        float[] reversed = [.. Enumerable.Range(0, 4).SelectMany(t => x.ToArray().AsSpan((3 - t) * 2, 2).ToArray())];

        var alone = new Lstm(3) { ReturnSequences = true };
        var single = new Sequential(alone);
        single.Build(new Shape(4, 2));
        for (int i = 0; i < 3; i++)
        {
            alone.Parameters[i].Set(layer.Backwards.Parameters[i].ToArray());
        }
        float[] expected = single.Predict(Tensor.From(reversed, 1, 4, 2)).ToArray();
        for (int t = 0; t < 4; t++)
        {
            Assert.Equal(expected.AsSpan((3 - t) * 3, 3).ToArray(), output.AsSpan(t * 6 + 3, 3).ToArray());
        }
    }

    [Fact]
    public void Copies_have_weights_of_their_own_under_names_of_their_own()
    {
        var model = new Sequential(new Bidirectional(new Lstm(3)), new Dense(1));
        model.Build(new Shape(4, 2));
        Assert.Equal(
            ["bidirectional.forwards.kernel", "bidirectional.forwards.recurrent_kernel", "bidirectional.forwards.bias", "bidirectional.backwards.kernel",
             "bidirectional.backwards.recurrent_kernel", "bidirectional.backwards.bias", "dense.kernel", "dense.bias"],
            model.Parameters.Select(parameter => parameter.Name));
        Assert.NotEqual(model.Parameters[0].ToArray(), model.Parameters[3].ToArray());
    }

    [Fact]
    public void A_layer_that_goes_backwards_itself_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Bidirectional(new Lstm(3) { GoBackwards = true }));

    [Fact]
    public void A_regularizer_that_could_act_on_nothing_is_refused()
    {
        var outside = new Sequential(new Bidirectional(new Lstm(3)) { KernelRegularizer = Regularizer.L2(0.1) });
        Assert.Contains("bidirectional", Assert.Throws<InvalidOperationException>(() => outside.Build(new Shape(4, 2))).Message, StringComparison.Ordinal);
        var inside = new Sequential(new Bidirectional(new Lstm(3) { KernelRegularizer = Regularizer.L2(0.1) }));
        inside.Build(new Shape(4, 2));
        Assert.Equal(2, inside.Parameters.Count(parameter => parameter.Regularizer is not null));
    }
}
