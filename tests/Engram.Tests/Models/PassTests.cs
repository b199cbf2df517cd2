namespace Engram.Tests.Models;

public sealed class PassTests
{
    [Fact]
    public void A_tensor_of_an_ended_pass_is_refused_by_name()
    {
        var model = new Sequential(new Dense(2));
        model.Build(new Shape(3));
        Tensor stale = default;
        model.Run(pass =>
        {
            stale = pass.Tanh(Tensor.Zeros(2, 2));
            return 0;
        });
        ObjectDisposedException error = Assert.Throws<ObjectDisposedException>(() => stale.ToArray());
        Assert.Contains("tanh", error.ObjectName, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => model.Run(pass => pass.Add(stale, stale)));
    }

    [Fact]
    public void A_returned_tensor_is_a_copy_that_lives_on()
    {
        var model = new Sequential(new Dense(2));
        model.Build(new Shape(3));
        Tensor kept = model.Run(pass => pass.Add(Tensor.From([1f, 2f]), Tensor.From([3f, 4f])));
        model.Run(pass => pass.Scale(Tensor.From([9f, 9f]), 2));
        Assert.Equal([4f, 6f], kept.ToArray());
    }

    [Fact]
    public void Backward_needs_a_training_pass_a_scalar_and_is_done_once()
    {
        var model = new Sequential(new Dense(2));
        model.Build(new Shape(3));
        Assert.Contains("training: true", Assert.Throws<InvalidOperationException>(() => model.Run(pass =>
        {
            pass.Backward(pass.Mean(model.Forward(pass, pass.Input(Tensor.Zeros(1, 3)))));
            return 0;
        })).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Train(model, (pass, y) => y));
        Assert.Throws<InvalidOperationException>(() => Train(model, (pass, y) => pass.Sum(Tensor.Zeros(2))));
        Assert.Contains("once", Assert.Throws<InvalidOperationException>(() => Train(model, (pass, y) =>
        {
            Tensor loss = pass.Mean(y);
            pass.Backward(loss);
            return loss;
        })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Watching_a_tensor_that_is_not_of_the_pass_says_what_to_do()
    {
        var model = new Sequential(new Dense(2));
        model.Build(new Shape(3));
        Tensor outside = Tensor.Zeros(1, 3);
        Assert.Contains("pass.Input", Assert.Throws<InvalidOperationException>(() => model.Run(pass => { pass.Watch(outside); return 0; })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => model.Run(pass => pass.GradientToArray(outside)));
    }

    [Fact]
    public void A_tensor_returned_from_a_run_with_a_stream_is_a_copy_too()
    {
        var model = new Sequential(new Dropout(0.5));
        model.Build(new Shape(8));
        Tensor dropped = model.Run(pass => model.Forward(pass, Tensor.From(Enumerable.Repeat(1f, 8).ToArray(), 1, 8)), training: true, new RandomStream(3));
        Assert.All(dropped.ToArray(), value => Assert.True(value is 0 or 2));
    }

    [Fact]
    public void Dropout_draws_by_the_sample_whatever_rows_were_dropped_before()
    {
        var model = new Sequential(new Dropout(0.5));
        model.Build(new Shape(8));
        Tensor ones = Tensor.From(Enumerable.Repeat(1f, 16).ToArray(), 2, 8);
        float[] Drop(int[] samples, bool reshapedFirst) => model.Run(
            pass =>
            {
                pass.SetSampleIndices(samples);
                Tensor x = reshapedFirst ? pass.Reshape(pass.Dropout(pass.Reshape(ones, new Shape(4, 4)), 0.5, new RandomStream(5)), new Shape(2, 8)) : ones;
                return (float[])[.. x.ToArray(), .. pass.Dropout(ones, 0.5, new RandomStream(6)).ToArray()];
            },
            training: true);

        float[] there = Drop([7, 2], true), back = Drop([2, 7], true), plain = Drop([7, 2], false);
        Assert.Equal(there[..8], back[8..16]); // the reshaped rows of sample 7
        Assert.NotEqual(there[..8], there[8..16]);
        Assert.Equal(plain[16..], there[16..]); // the rows of samples after it
    }

    [Fact]
    public void After_a_failed_build_a_model_computes_with_its_new_weights()
    {
        // The inner layer has been built, and its weights packed, for 5 features when the sum does not fit.
        var inner = new Lstm(8) { ReturnSequences = true };
        var dense = new Dense(4);
        var residual = new Sequential(new Residual(inner));
        var stack = new Sequential(dense, new Lstm(2));
        Assert.Throws<ShapeException>(() => residual.Predict(Tensor.Zeros(1, 4, 5)));
        Assert.Throws<ShapeException>(() => stack.Build(new Shape(3)));
        foreach ((Sequential model, int features) in new[] { (residual, 8), (stack, 70) })
        {
            model.Compile(new Sgd(0.1), Loss.MeanSquaredError);
            Tensor x = Tensor.Normal(new RandomStream(1), 3, 4, features), y = model.Predict(x);
            Sequential fresh = model == residual ? new Sequential(new Residual(new Lstm(8) { ReturnSequences = true })) : new Sequential(new Dense(4), new Lstm(2));
            fresh.Compile(new Sgd(0.1), Loss.MeanSquaredError);
            Assert.Equal(fresh.Predict(x).ToArray(), y.ToArray());
            model.Fit(x, y);
            fresh.Fit(x, y);
            Assert.Equal(fresh.Predict(x).ToArray(), model.Predict(x).ToArray());
        }
    }

    [Fact]
    public void A_failed_build_leaves_no_half_made_layers()
    {
        var model = new Sequential(new Dense(4), new Lstm(2));
        Assert.Throws<ShapeException>(() => model.Build(new Shape(3), seed: 1));
        model.Build(new Shape(6, 5), seed: 2);
        var fresh = new Sequential(new Dense(4), new Lstm(2));
        fresh.Build(new Shape(6, 5), seed: 2);
        Assert.Equal(fresh.Parameters.SelectMany(p => p.ToArray()), model.Parameters.SelectMany(p => p.ToArray()));
    }

    [Fact]
    public void A_layer_stands_in_one_place_of_one_model()
    {
        var layer = new Dense(3);
        Assert.Throws<ArgumentException>(() => new Sequential(layer, layer));
        var model = new Sequential(new Dense(2), layer); // what a failed constructor met is free
        Assert.Equal("dense_1", layer.Name);
        var free = new Dense(4);
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => new Sequential(free, layer)).Message, StringComparison.Ordinal);
        Node x = Node.Input(3);
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => new Graph([x], [layer.Of(free.Of(x))])).Message, StringComparison.Ordinal);
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => new Holder(layer)).Message, StringComparison.Ordinal);
        Assert.Equal(["dense_1", ""], [layer.Name, free.Name]);
        Assert.Same(layer, model.Layers[1]);
    }

    [Fact]
    public void Every_training_run_drops_other_units()
    {
        var model = new Sequential(new Dropout(0.5));
        model.Build(new Shape(64));
        Tensor ones = Tensor.From([.. Enumerable.Repeat(1f, 64)], 1, 64);
        float[] Dropped() => model.Run(pass => model.Forward(pass, pass.Input(ones)), training: true).ToArray();
        Assert.NotEqual(Dropped(), Dropped());
    }

    [Fact]
    public void A_layer_applied_twice_drops_other_units_each_time_and_so_do_two_layers_of_one_name()
    {
        Sequential model = new(new Dropout(0.5)), other = new(new Dropout(0.5));
        model.Build(new Shape(64));
        other.Build(new Shape(64));
        Tensor ones = Tensor.From([.. Enumerable.Repeat(1f, 64)], 1, 64);
        float[][] Drop(params Layer[] layers) => model.Run(
            pass => layers.Select(layer => layer.Apply(pass, ones).ToArray()).ToArray(), training: true, new RandomStream(3));

        float[][] twice = Drop(model.Layers[0], model.Layers[0]), others = Drop(model.Layers[0], other.Layers[0]);
        Assert.NotEqual(twice[0], twice[1]);
        Assert.NotEqual(others[0], others[1]);
        Assert.Equal(twice, Drop(model.Layers[0], model.Layers[0]));
    }

    [Fact]
    public void A_backward_walk_forgets_the_gradients_of_the_walk_before()
    {
        var model = new Gated();
        model.Build(new Shape(5, 2));
        Parameter gate = model.Parameters.Single(parameter => parameter.Name == "gate.kernel");
        Parameter output = model.Parameters.Single(parameter => parameter.Name == "dense.kernel");
        float[] before = gate.ToArray();
        void Walk(Func<Pass, Tensor> loss) => model.Run(
            pass =>
            {
                pass.Backward(loss(pass));
                return 0;
            },
            training: true);

        Walk(pass => pass.Sum(model.Forward(pass, Tensor.Normal(new RandomStream(1), 1, 5, 2))));
        Assert.NotNull(gate.GradientToArray());
        Walk(pass => pass.Scale(pass.Sum(pass.Use(output)), 2));

        Assert.Null(gate.GradientToArray());
        Assert.All(output.GradientToArray()!, value => Assert.Equal(2, value)); // not added to what stood there
        new Sgd(1).Step(model);
        Assert.Equal(before, gate.ToArray());
    }

    [Fact]
    public void A_custom_model_composes_layers_and_operations_with_loops_and_conditions()
    {
        var model = new Gated();
        model.Compile(new Adam(0.02), Loss.MeanSquaredError);
        Tensor x = Tensor.Normal(new RandomStream(1), 32, 5, 2), y = Tensor.Normal(new RandomStream(2), 32, 3);
        Engram.Training.History history = model.Fit(x, y, new Engram.Training.FitOptions { Epochs = 60 });
        Assert.True(history.Loss[^1] < 0.5 * history.Loss[0]);
        Assert.Equal(["lstm.kernel", "lstm.recurrent_kernel", "lstm.bias", "gate.kernel", "gate.bias", "dense.kernel", "dense.bias"], model.Parameters.Select(p => p.Name));
    }

    private static int Train(Model model, Func<Pass, Tensor, Tensor> loss) => model.Run(
        pass =>
        {
            pass.Backward(loss(pass, model.Forward(pass, pass.Input(Tensor.Zeros(1, 3)))));
            return 0;
        },
        training: true);

    private sealed class Holder : Model
    {
        private readonly Layer _layer;

        public Holder(Layer layer) => _layer = Track(layer);

        public override Tensor Forward(Pass pass, Tensor input) => _layer.Apply(pass, input);
    }

    private sealed class Gated : Model
    {
        private readonly Lstm _lstm;
        private readonly Dense _gate, _output;

        public Gated()
        {
            _lstm = Track(new Lstm(10));
            _gate = Track(new Dense(10, Activation.Sigmoid), "gate");
            _output = Track(new Dense(3));
        }

        public override Tensor Forward(Pass pass, Tensor input)
        {
            Tensor h = _lstm.Apply(pass, input);
            for (int i = 0; i < 2; i++)
            {
                h = pass.Multiply(h, _gate.Apply(pass, h));
            }
            return _output.Apply(pass, h);
        }
    }
}
