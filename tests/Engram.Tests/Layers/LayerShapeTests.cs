namespace Engram.Tests.Layers;

/// <summary>An input that does not fit gets an error that names the layer, what it expected and what it got.</summary>
public sealed class LayerShapeTests
{
    [Fact]
    public void Lstm_needs_three_dimensions()
    {
        var model = new Sequential(new Lstm(3));
        ShapeException error = Assert.Throws<ShapeException>(() => model.Predict(Tensor.Zeros(4, 5)));
        Assert.Equal("Layer lstm (lstm) expects [batch, time, features], but got shape [1, 5]. Behind a recurrent layer: set ReturnSequences = true on the recurrent layer before.", error.Message);
    }

    [Fact]
    public void A_layer_that_needs_sequences_behind_one_that_returns_none_tells_the_remedy()
    {
        foreach (Layer layer in (Layer[])[new Lstm(3), new Conv1D(2, 2), new GlobalMaxPooling(), new Bidirectional(new Gru(2))])
        {
            Assert.Contains("set ReturnSequences = true on the recurrent layer before", Assert.Throws<ShapeException>(() => new Sequential(new Lstm(3), layer).Build(new Shape(4, 2))).Message, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("ReturnSequences", Assert.Throws<ShapeException>(() => new Sequential(new Lstm(3)).Build(new Shape(4, 2, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_read_as_sentences()
    {
        var embedding = new Embedding(5, 3);
        foreach ((Layer[] layers, Tensor x) in ((Layer[], Tensor)[])
            [
                ([new Conv1D(2, 5)], Tensor.Zeros(2, 3, 4)),
                ([new Dropout(0.5) { SharedOverTime = true }], Tensor.Zeros(2, 3)),
                ([new Residual(new Lstm(3))], Tensor.Zeros(2, 4, 3)),
                ([embedding, new Dense(4), new TiedDense(embedding)], Tensor.Zeros(2, 3)),
            ])
        {
            string message = Assert.Throws<ShapeException>(() => new Sequential(layers).Predict(x)).Message;
            Assert.DoesNotContain(",,", message, StringComparison.Ordinal);
            Assert.Contains(", but got shape", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Lstm_refuses_zero_steps_and_zero_features()
    {
        Assert.Contains("at least one time step", Assert.Throws<ShapeException>(() => new Sequential(new Lstm(3)).Predict(Tensor.Zeros(4, 0, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("at least one time step", Assert.Throws<ShapeException>(() => new Sequential(new Lstm(3)).Predict(Tensor.Zeros(4, 2, 0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_built_layer_keeps_its_number_of_features()
    {
        var model = new Sequential(new Lstm(3), new Dense(1));
        model.Build(new Shape(5, 2));
        ShapeException error = Assert.Throws<ShapeException>(() => model.Predict(Tensor.Zeros(4, 5, 3)));
        Assert.Contains("inputs of size 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("[4, 5, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_sequence_at_all_is_refused()
    {
        var layer = new Gru(3);
        var model = new Sequential(layer);
        model.Build(new Shape(5, 2));
        Assert.Contains("at least one sequence", Assert.Throws<ShapeException>(() => model.Run(pass => layer.Apply(pass, Tensor.Zeros(0, 5, 2)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_every_kind_refuse_no_sample_and_no_step_by_name()
    {
        foreach (Layer layer in (Layer[])[new Dense(2), new LayerNormalization(), new Dropout(0.5), new ActivationLayer(Activation.Tanh), new Conv1D(2, 1), new Residual(new Dense(3)), new Add()])
        {
            var model = new Sequential(layer);
            model.Build(new Shape(4, 3));
            foreach (Tensor x in (Tensor[])[Tensor.Zeros(2, 0, 3), Tensor.Zeros(0, 4, 3)])
            {
                string message = Assert.Throws<ShapeException>(() => model.Run(pass => model.Forward(pass, x))).Message;
                Assert.Contains($"Layer {layer.Name} ", message, StringComparison.Ordinal);
                Assert.Contains(x.Shape.ToString(), message, StringComparison.Ordinal);
            }
        }
        Assert.Throws<ShapeException>(() => new Sequential(new Embedding(3, 2)).Run(pass => new Embedding(3, 2).Apply(pass, Tensor.Zeros(0, 4))));
    }

    [Fact]
    public void A_layer_that_clips_cannot_be_trained()
    {
        var model = new Sequential(new Lstm(3) { Clip = 2 });
        model.Compile(new Sgd(0.1), Loss.MeanSquaredError);
        Assert.Contains("lstm", Assert.Throws<NotSupportedException>(() => model.Fit(Tensor.Zeros(2, 4, 1), Tensor.Zeros(2, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lstm(3) { Clip = 0 });
    }

    [Fact]
    public void A_state_of_another_size_is_refused()
    {
        var layer = new Lstm(3);
        var model = new Sequential(layer);
        model.Build(new Shape(5, 2));
        ShapeException error = Assert.Throws<ShapeException>(() => model.Run(pass =>
            layer.Apply(pass, Tensor.Zeros(4, 5, 2), new LstmState(Tensor.Zeros(4, 3), Tensor.Zeros(4, 2))).Output));
        Assert.Equal("Layer lstm (lstm) expects a cell state of shape [batch, units] = [4, 3], but got shape [4, 2].", error.Message);
    }

    [Fact]
    public void Zero_units_and_impossible_rates_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lstm(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(double.NaN));
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_result()
    {
        var model = new Sequential(new Lstm(3), new Dense(2));
        Assert.Equal(new Shape(0, 2), model.Predict(Tensor.Zeros(0, 5, 1)).Shape);
    }

    [Fact]
    public void An_unregistered_layer_without_weights_says_what_to_do()
    {
        var stray = new Dense(2);
        var model = new Sequential(new Dense(1));
        model.Build(new Shape(3));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => model.Run(pass => stray.Apply(pass, Tensor.Zeros(1, 3))));
        Assert.Contains("Track", error.Message, StringComparison.Ordinal);
    }
}
