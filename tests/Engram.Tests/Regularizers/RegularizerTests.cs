using Engram.Tests.Autograd;
using Engram.Training;

namespace Engram.Tests.Regularizers;

public sealed class RegularizerTests
{
    private static readonly Regularizer Both = Regularizer.L1L2(0.3, 0.7);

    [Fact]
    public void Penalties_of_weights_and_outputs_have_their_gradients()
    {
        var model = new Sequential(
            new Gru(5)
            {
                ReturnSequences = true, KernelRegularizer = Both, RecurrentRegularizer = Regularizer.L2(2), BiasRegularizer = Regularizer.L1(0.5),
                ActivityRegularizer = Both,
            },
            new Dense(2) { BiasRegularizer = Both, ActivityRegularizer = Regularizer.L2(0.1) })
        {
            Device = GradientCheck.DoubleDevice(),
        };
        GradientCheck.Model(model, (pass, x) => pass.Add(GradientCheck.Project(pass, model.Forward(pass, x[0])), pass.Penalty()), new Shape(3, 4, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_penalty_of_changes_has_its_gradients(bool masked)
    {
        var model = new Sequential(new Gru(3) { ReturnSequences = true, TemporalRegularizer = Regularizer.L2(0.7), ActivityRegularizer = Both }, new Dropout(0.3) { TemporalRegularizer = Both })
        {
            Device = GradientCheck.DoubleDevice(),
        };
        GradientCheck.Model(
            model,
            (pass, x) => pass.Add(GradientCheck.Project(pass, model.Forward(pass, pass.Masked(x[0], masked ? Layers.MaskPatterns.Mixed(5, 6) : null))), pass.Penalty()), new Shape(5, 6, 2));
        GradientCheck.Function((pass, x) => pass.StepDifferences(pass.Masked(x[0], masked ? Layers.MaskPatterns.Mixed(5, 6) : null)), new Shape(5, 6, 2));
    }

    [Fact]
    public void Changes_are_counted_between_neighbouring_real_steps()
    {
        // outputs 1, 4, 2, 9 and nothing real: (3² + 2² + 7²) / 3; with the third step left out (3² + 5²) / 2
        var layer = new ActivationLayer(Activation.Linear) { TemporalRegularizer = Regularizer.L2(1) };
        var model = new Sequential(layer);
        model.Build(new Shape(4, 1));
        Tensor x = Tensor.From([1f, 4, 2, 9, 0, 50, 0, 50], 2, 4, 1);
        Assert.Equal(62 / 3.0, Penalty(SequenceMask.FromLengths([4, 0], 4)), 1e-5);
        Assert.Equal(34 / 2.0, Penalty(SequenceMask.FromPattern([true, true, false, true, false, false, true, false], 2, 4)), 1e-5);
        Assert.Equal(0, Penalty(SequenceMask.FromLengths([1, 1], 4)));
        Assert.Contains("TemporalRegularizer", Assert.Throws<InvalidOperationException>(() =>
            model.Run(pass => layer.Apply(pass, Watched(pass, Tensor.Zeros(2, 2))).ToArray(), training: true)).Message, StringComparison.Ordinal);

        double Penalty(SequenceMask mask) => model.Run(
            pass =>
            {
                layer.Apply(pass, pass.Masked(Watched(pass, x), mask));
                return (double)pass.Penalty().ToScalar();
            },
            training: true);

        static Tensor Watched(Pass pass, Tensor values)
        {
            Tensor input = pass.Input(values);
            pass.Watch(input);
            return input;
        }
    }

    [Fact]
    public void A_state_that_is_given_leaves_the_output_s_penalty()
    {
        var layer = new Lstm(3) { ActivityRegularizer = Regularizer.L2(1) };
        var model = new Sequential(layer);
        model.Build(new Shape(2, 2));
        Tensor x = Tensor.Normal(new RandomStream(1), 4, 2, 2);
        float Penalty(Func<Pass, Tensor> apply) => model.Run(
            pass =>
            {
                apply(pass);
                return pass.Penalty().ToScalar();
            },
            training: true);
        float plain = Penalty(pass => layer.Apply(pass, x));
        Assert.True(plain > 0);
        Assert.Equal(plain, Penalty(pass => layer.Apply(pass, x, null).Output));
    }

    [Fact]
    public void Values_are_sums_over_weights_and_means_over_real_rows()
    {
        var layer = new Dense(2) { KernelRegularizer = Both, BiasRegularizer = Regularizer.L2(1), ActivityRegularizer = Regularizer.L1(1) };
        var model = new Sequential(layer);
        model.Build(new Shape(1));
        model.Parameters[0].Set([2f, -3]);
        model.Parameters[1].Set([1f, 0]);
        // kernel 0.3 · 5 + 0.7 · 13, bias 1; outputs 2x + 1, −3x for x = 1, 2: (3 + 3 + 5 + 6) / 2
        Assert.Equal(10.6 + 1 + 8.5, Penalty(pass => pass.Input(Tensor.From([1f, 2], 2, 1))), 1e-5);
        // the second step of two is padding
        Assert.Equal(10.6 + 1 + 6, Penalty(pass => pass.Masked(pass.Input(Tensor.From([1f, 2], 1, 2, 1)), SequenceMask.FromLengths([1], 2))), 1e-5);

        double Penalty(Func<Pass, Tensor> input) => model.Run(
            pass =>
            {
                model.Forward(pass, input(pass));
                return (double)pass.Penalty().ToScalar();
            },
            training: true);
    }

    [Fact]
    public void Without_regularizers_or_gradients_there_is_no_penalty()
    {
        var plain = new Sequential(new Dense(1));
        var regular = new Sequential(new Dense(1) { KernelRegularizer = Both, ActivityRegularizer = Both });
        Tensor x = Tensor.Normal(new RandomStream(1), 3, 2);
        foreach ((Sequential model, bool training) in ((Sequential, bool)[])[(plain, true), (regular, false)])
        {
            model.Build(new Shape(2));
            Assert.Equal(0, model.Run(
                pass =>
                {
                    model.Forward(pass, x);
                    return pass.Penalty().ToScalar();
                },
                training));
        }
    }

    [Fact]
    public void Training_reports_loss_and_penalty_apart_and_makes_their_sum_small()
    {
        Tensor x = Tensor.Normal(new RandomStream(1), 32, 3), y = Tensor.Normal(new RandomStream(2), 32, 1);
        (History History, double Norm) Fit(Regularizer? regularizer)
        {
            var model = new Sequential(new Dense(1) { KernelRegularizer = regularizer });
            model.Compile(new Sgd(0.05), Loss.MeanSquaredError);
            History history = model.Fit(x, y, new FitOptions { Epochs = 200, ValidationData = (x, y) });
            return (history, model.Parameters[0].ToArray().Sum(w => (double)w * w));
        }
        (History plain, double norm) = Fit(null);
        (History regular, double smaller) = Fit(Regularizer.L2(1));

        Assert.Empty(plain["penalty"]);
        Assert.Equal(smaller, regular["penalty"][^1], 1e-4);
        Assert.Equal(regular.ValidationLoss[^1], regular.Loss[^1], 1e-4); // one batch an epoch, hardly moving any more
        Assert.True(smaller < norm / 2);
        // ridge regression: the least of Σ (x w + b − y)² / n + |w|² makes the loss alone larger
        Assert.True(regular.Loss[^1] > plain.Loss[^1] + 1e-4);
    }

    [Fact]
    public void L1_drives_weights_that_explain_nothing_to_zero()
    {
        Tensor x = Tensor.Normal(new RandomStream(1), 64, 4);
        float[] values = x.ToArray();
        Tensor y = Tensor.From([.. Enumerable.Range(0, 64).Select(i => 2 * values[4 * i])], 64, 1);
        var model = new Sequential(new Dense(1) { UseBias = false, KernelRegularizer = Regularizer.L1(0.4) });
        model.Compile(new Sgd(0.02), Loss.MeanSquaredError);
        model.Fit(x, y, new FitOptions { Epochs = 400, BatchSize = 64 });
        float[] w = model.Parameters[0].ToArray();
        Assert.InRange(w[0], 1.5, 1.95);
        Assert.All(w.Skip(1), weight => Assert.InRange(weight, -0.05, 0.05));
    }

    [Fact]
    public void A_parameter_can_be_given_a_regularizer_and_layers_spare_the_roles_that_are_not_meant()
    {
        var model = new Sequential(new Dense(2) { KernelRegularizer = Both }, new LayerNormalization());
        model.Build(new Shape(3));
        Assert.Same(Both, model.Parameters[0].Regularizer);
        Assert.All(model.Parameters.Skip(1), parameter => Assert.Null(parameter.Regularizer));
        var useless = new Sequential(new LayerNormalization { KernelRegularizer = Both });
        Assert.Contains("KernelRegularizer", Assert.Throws<InvalidOperationException>(() => useless.Build(new Shape(3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Regularizer.L1(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Regularizer.L2(double.NaN));
    }
}
