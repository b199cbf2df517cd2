using Engram.Tests.Autograd;

namespace Engram.Tests.Layers;

/// <summary>
/// The simple recurrent layer with ReLU through the gradient checker, away from its kink: x₀ is 2 … 4 with a sign that depends on row and step, W₀ is
/// 1 or −1 from unit to unit, and all other terms of a sum are too small to reach zero. So every unit is on at some steps and off at others.
/// </summary>
public sealed class ReluRnnGradientTests
{
    public static TheoryData<int, int, int, bool> Sizes()
    {
        var data = new TheoryData<int, int, int, bool>();
        foreach ((int batch, int steps, int units, bool masked) in RecurrentLayers.Sizes)
        {
            data.Add(batch, steps, units, masked);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Layer_of_any_size(int batch, int steps, int units, bool masked)
    {
        using Device device = GradientCheck.DoubleDevice();
        Check(device, batch, steps, units, masked ? RecurrentLayers.Mask(batch, steps, batch == 1 ? 0 : units) : null);
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Layer_in_every_instruction_tier(int bits)
    {
        using Device device = GradientCheck.DoubleDevice(Tiers.Require(bits), threads: 1);
        Check(device, 4, 5, 9, RecurrentLayers.Mask(4, 5));
    }

    [Fact]
    public void Every_unit_is_on_at_some_steps_and_well_off_at_others()
    {
        using Device device = GradientCheck.DoubleDevice();
        (Sequential model, SimpleRnn layer) = Build(device, steps: 50, units: 17);
        model.Run(pass =>
        {
            float[] h = layer.Apply(pass, Inputs(pass, Tensor.Normal(new RandomStream(1), 7, 50, 2))).ToArray();
            Assert.All(h.Index(), unit => Assert.True(Sign(unit.Index / 17 / 50 + unit.Index / 17 % 50) * Sign(unit.Index % 17) > 0 ? unit.Item > 0.5 : unit.Item == 0));
            return 0;
        });
    }

    private static void Check(Device device, int batch, int steps, int units, SequenceMask? mask)
    {
        (Sequential model, SimpleRnn layer) = Build(device, steps, units);
        GradientCheck.Weights(
            model, (pass, x) => GradientCheck.Project(pass, layer.Apply(pass, pass.Masked(Inputs(pass, x[0]), mask))), new Shape(batch, steps, 2));
    }

    private static Tensor Inputs(Pass pass, Tensor x)
    {
        (int steps, int count) = (x.Shape[1], (int)x.Shape.Count);
        Tensor signs = Tensor.From([.. Enumerable.Range(0, count).Select(i => Sign(i / 2 / steps + i / 2 % steps))], x.Shape.ToArray());
        Tensor three = Tensor.From([.. Enumerable.Repeat(3f, count)], x.Shape.ToArray());
        return pass.Multiply(signs, pass.Add(three, pass.Tanh(x)));
    }

    /// <summary>
    /// A layer with W₀ = ±1, |W₁| ≤ 0.05, |b| ≤ 0.1 and Σ |U| ≤ 0.2 for every unit. So h ≤ 4 + 0.2 + 0.1 + 0.2 h, that is 5.4, and what stands beside
    /// W₀ x₀ is at most 0.2 + 0.1 + 1.1, below 2.
    /// </summary>
    private static (Sequential Model, SimpleRnn Layer) Build(Device device, int steps, int units)
    {
        var layer = new SimpleRnn(units, Activation.ReLU) { ReturnSequences = steps > 1 };
        var model = new Sequential(layer) { Device = device };
        model.Build(new Shape(steps, 2));
        layer.Kernel.Set([.. Enumerable.Range(0, units).Select(Sign), .. Numbers("kernel", units, 0.05f)]);
        layer.RecurrentKernel.Set(Numbers("recurrent kernel", units * units, 0.2f / units));
        layer.Bias!.Set(Numbers("bias", units, 0.1f));
        return (model, layer);
    }

    private static float[] Numbers(string purpose, int count, float bound)
    {
        RandomStream random = new RandomStream(3).Derive(purpose);
        return [.. Enumerable.Range(0, count).Select(i => bound * (2 * random.Uniform(i) - 1))];
    }

    private static float Sign(int i) => i % 2 == 0 ? 1 : -1;
}
