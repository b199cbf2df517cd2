using Engram.Tests.Autograd;

namespace Engram.Tests.Layers;

public sealed class LstmGradientTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, false)]
    [InlineData(1, 50, 2, 3, false)]
    [InlineData(7, 1, 3, 17, true)]
    [InlineData(7, 2, 1, 16, true)]
    [InlineData(3, 50, 2, 5, true)]
    [InlineData(2, 6, 4, 50, false)]
    [InlineData(3, 4, 10, 18, true)]
    public void Layer(int batch, int steps, int features, int units, bool sequences)
    {
        using Device device = GradientCheck.DoubleDevice();
        GradientCheck.Model(new Sequential(new Lstm(units) { ReturnSequences = sequences }) { Device = device }, new Shape(batch, steps, features));
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Layer_in_every_instruction_tier(int bits)
    {
        using Device device = GradientCheck.DoubleDevice(Tiers.Require(bits), threads: 1);
        GradientCheck.Model(new Sequential(new Lstm(9) { ReturnSequences = true }) { Device = device }, new Shape(4, 5, 3));
    }

    /// <summary>Vectors of floats are twice as wide, and so leave more columns to be computed one by one.</summary>
    [Theory]
    [InlineData(3, 4)]
    [InlineData(20, 19)]
    [InlineData(18, 52)]
    [InlineData(17, 35)]
    public void Gradients_in_single_precision_are_those_in_double(int features, int units)
    {
        using Device single = Device.Cpu(2), precise = GradientCheck.DoubleDevice();
        float[] expected = Gradients(precise), actual = Gradients(single);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4 * (1 + Math.Abs(expected[i])), $"element {i}: {actual[i]} instead of {expected[i]}");
        }

        float[] Gradients(Device device)
        {
            var model = new Sequential(new Lstm(units) { ReturnSequences = true }) { Device = device };
            model.Build(new Shape(6, features));
            return model.Run(
                pass =>
                {
                    Tensor x = pass.Input(Tensor.Normal(new RandomStream(2), 7, 6, features));
                    pass.Watch(x);
                    pass.Backward(GradientCheck.Project(pass, model.Forward(pass, x)));
                    return (float[])[.. pass.GradientToArray(x), .. model.Parameters.SelectMany(parameter => parameter.GradientToArray()!)];
                },
                training: true);
        }
    }

    [Theory]
    [InlineData(50)] // whose last two units share a vector
    [InlineData(17)]
    [InlineData(16)]
    public void A_gate_that_overflows_is_open_or_shut_and_spoils_no_gradient(int units)
    {
        using Device device = Device.Cpu(1);
        var layer = new Lstm(units);
        var model = new Sequential(layer) { Device = device };
        model.Build(new Shape(5, 2));
        float[] bias = layer.Parameters[2].ToArray();
        for (int gate = 0; gate < 4; gate++)
        {
            bias[gate * units + units - 1] = gate % 2 == 0 ? float.PositiveInfinity : float.NegativeInfinity;
        }
        layer.Parameters[2].Set(bias);
        model.Run(
            pass =>
            {
                Tensor x = pass.Input(Tensor.Normal(new RandomStream(1), 7, 5, 2));
                pass.Watch(x);
                pass.Backward(pass.Sum(model.Forward(pass, x)));
                Assert.All(pass.GradientToArray(x), value => Assert.True(float.IsFinite(value)));
                return 0;
            },
            training: true);
        Assert.All(layer.Parameters, parameter => Assert.All(parameter.GradientToArray()!, value => Assert.True(float.IsFinite(value), parameter.Name)));
    }

    [Fact]
    public void Stack_with_dense_and_loss()
    {
        using Device device = GradientCheck.DoubleDevice();
        var model = new Sequential(new Lstm(6) { ReturnSequences = true }, new Lstm(5), new Dense(4, Activation.Tanh), new Dense(2)) { Device = device };
        Tensor target = Tensor.Normal(new RandomStream(1), 3, 2);
        GradientCheck.Model(model, (pass, x) => Loss.MeanSquaredError.Apply(pass, model.Forward(pass, x[0]), target), new Shape(3, 8, 2));
    }

    [Fact]
    public void Dropout_between_layers()
    {
        using Device device = GradientCheck.DoubleDevice();
        var model = new Sequential(new Lstm(6) { ReturnSequences = true }, new Dropout(0.3), new Lstm(5)) { Device = device };
        GradientCheck.Model(model, new Shape(3, 4, 2));
    }

    [Fact]
    public void One_tensor_as_both_initial_states()
    {
        using Device device = GradientCheck.DoubleDevice();
        var layer = new Lstm(5);
        GradientCheck.Model(
            new Sequential(layer) { Device = device },
            (pass, x) => GradientCheck.Project(pass, layer.Apply(pass, x[0], new LstmState(x[1], x[1])).Output),
            new Shape(3, 4, 2), new Shape(3, 5));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 5)]
    public void Initial_and_final_states(bool sequences, int steps)
    {
        using Device device = GradientCheck.DoubleDevice();
        var layer = new Lstm(5) { ReturnSequences = sequences };
        var model = new Sequential(layer) { Device = device };
        GradientCheck.Model(
            model,
            (pass, x) =>
            {
                (Tensor output, LstmState end) = layer.Apply(pass, x[0], new LstmState(x[1], x[2]));
                Tensor states = pass.Add(GradientCheck.Project(pass, end.Hidden), pass.Scale(GradientCheck.Project(pass, end.Cell), 0.7));
                return pass.Add(GradientCheck.Project(pass, output), states);
            },
            new Shape(3, steps, 2), new Shape(3, 5), new Shape(3, 5));
    }

    [Fact]
    public void Final_cell_state_alone()
    {
        using Device device = GradientCheck.DoubleDevice();
        var layer = new Lstm(3);
        GradientCheck.Model(
            new Sequential(layer) { Device = device },
            (pass, x) => GradientCheck.Project(pass, layer.Apply(pass, x[0], null).State.Cell),
            new Shape(2, 4, 2));
    }

    [Fact]
    public void One_layer_used_twice_with_its_state_carried_on()
    {
        using Device device = GradientCheck.DoubleDevice();
        var layer = new Lstm(4);
        GradientCheck.Model(
            new Sequential(layer) { Device = device },
            (pass, x) =>
            {
                (_, LstmState middle) = layer.Apply(pass, x[0], null);
                return GradientCheck.Project(pass, layer.Apply(pass, x[1], middle).Output);
            },
            new Shape(2, 3, 2), new Shape(2, 4, 2));
    }
}
