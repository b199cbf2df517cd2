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
