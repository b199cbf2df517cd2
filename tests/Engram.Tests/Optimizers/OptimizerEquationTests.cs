using Engram.Backends;
using Engram.Tests.Autograd;

namespace Engram.Tests.Optimizers;

/// <summary>
/// Eight steps of every optimizer over 67 weights against the equations of its paper, one weight at a time, in double; and in single, in
/// every tier, near them.
/// </summary>
public sealed class OptimizerEquationTests
{
    private const int Weights = 67, Steps = 8;

    /// <summary>One weight's state: a step takes weight and gradient and gives the weight after it.</summary>
    private delegate double Rule(double w, double g, int t);

    public static TheoryData<string> Names =>
        new("sgd", "momentum", "nesterov", "adam", "adamw", "nadam", "rmsprop", "centered", "rmsprop-momentum", "adagrad", "averaged");

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_are_those_of_the_paper(string name)
    {
        using Device device = GradientCheck.DoubleDevice();
        Compare(name, device, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Every_tier_stays_near_them(int bits)
    {
        using var device = new Device(CpuBackend.Create(1, Tiers.Require(bits)));
        foreach (string name in Names)
        {
            Compare(name, device, 2e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Threads_change_no_bit(string name)
    {
        float[][] results = [.. ((int[])[1, 2, 3]).Select(threads =>
        {
            using Device device = Device.Cpu(threads);
            return Run(Make(name).Optimizer, device, 40_007, 3);
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    private static void Compare(string name, Device device, double allowed)
    {
        (Optimizer optimizer, Func<Rule> rule) = Make(name);
        float[] actual = Run(optimizer, device, Weights, Steps);
        for (int i = 0; i < Weights; i++)
        {
            Rule step = rule();
            double w = Start(i);
            for (int t = 1; t <= Steps; t++)
            {
                w = step(w, Gradient(i, t), t);
            }
            Assert.True(Math.Abs(w - actual[i]) <= allowed * Math.Max(1, Math.Abs(w)), $"{name}, weight {i}: expected {w:R}, got {actual[i]:R}");
        }
    }

    private static (Optimizer Optimizer, Func<Rule> Rule) Make(string name) => name switch
    {
        "sgd" => (new Sgd(0.1) { WeightDecay = 0.3 }, () => (w, g, _) => w - 0.1 * 0.3 * w - 0.1 * g),
        "momentum" => (new Sgd(0.1, 0.9), () =>
        {
            double v = 0;
            return (w, g, _) => w + (v = 0.9 * v - 0.1 * g);
        }),
        "nesterov" => (new Sgd(0.1, 0.9, nesterov: true), () =>
        {
            double v = 0;
            return (w, g, _) =>
            {
                v = 0.9 * v - 0.1 * g;
                return w + 0.9 * v - 0.1 * g;
            };
        }),
        "adam" => (new Adam(0.05), () => AdamRule(0.05, 0)),
        "adamw" => (new AdamW(0.05, weightDecay: 0.2), () => AdamRule(0.05, 0.2)),
        "nadam" => (new Nadam(0.05), () => NadamRule(0.05)),
        "rmsprop" => (new RmsProp(0.05), () => RmsPropRule(0, false)),
        "centered" => (new RmsProp(0.05, centered: true), () => RmsPropRule(0, true)),
        "rmsprop-momentum" => (new RmsProp(0.05, momentum: 0.8, centered: true), () => RmsPropRule(0.8, true)),
        "adagrad" => (new Adagrad(0.1), () =>
        {
            double s = 0;
            return (w, g, _) => w - 0.1 * g / (Math.Sqrt(s += g * g) + 1e-7);
        }),
        _ => (new AveragedSgd(0.1), () => (w, g, _) => w - 0.1 * g),
    };

    /// <summary>Kingma &amp; Ba 2014, algorithm 1, with the decay of Loshchilov &amp; Hutter 2019, algorithm 2.</summary>
    private static Rule AdamRule(double rate, double decay)
    {
        double m = 0, v = 0;
        return (w, g, t) =>
        {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            return w - rate * decay * w - rate * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-7);
        };
    }

    /// <summary>Dozat 2016, algorithm 2.</summary>
    private static Rule NadamRule(double rate)
    {
        double m = 0, v = 0, product = 1;
        static double Mu(double t) => 0.9 * (1 - 0.5 * Math.Pow(0.96, 0.004 * t));
        return (w, g, t) =>
        {
            product *= Mu(t);
            double gHat = g / (1 - product);
            m = 0.9 * m + 0.1 * g;
            double mHat = m / (1 - product * Mu(t + 1));
            v = 0.999 * v + 0.001 * g * g;
            double vHat = v / (1 - Math.Pow(0.999, t)), mBar = (1 - Mu(t)) * gHat + Mu(t + 1) * mHat;
            return w - rate * mBar / (Math.Sqrt(vHat) + 1e-7);
        };
    }

    /// <summary>Graves 2013, equations 38 to 41.</summary>
    private static Rule RmsPropRule(double momentum, bool centered)
    {
        double n = 0, a = 0, delta = 0;
        return (w, g, _) =>
        {
            n = 0.9 * n + 0.1 * g * g;
            a = centered ? 0.9 * a + 0.1 * g : 0;
            delta = momentum * delta - 0.05 * g / Math.Sqrt(n - a * a + 1e-7);
            return w + delta;
        };
    }

    private static float Start(int i) => new RandomStream(1).Normal(i);

    private static float Gradient(int i, int t) => new RandomStream(2).Derive(t).Normal(i);

    private static float[] Run(Optimizer optimizer, Device device, int weights, int steps)
    {
        var model = new Sequential(new Dense(weights) { UseBias = false }) { Device = device };
        model.Build(new Shape(1));
        model.Parameters[0].Set([.. Enumerable.Range(0, weights).Select(Start)]);
        for (int t = 1; t <= steps; t++)
        {
            Tensor gradient = Tensor.From([.. Enumerable.Range(0, weights).Select(i => Gradient(i, t))], 1, weights);
            model.Run(
                pass =>
                {
                    pass.Backward(pass.Sum(pass.Multiply(model.Forward(pass, pass.Input(Tensor.From([1f], 1, 1))), gradient)));
                    return 0;
                },
                training: true);
            optimizer.Step(model);
        }
        return model.Parameters[0].ToArray();
    }
}
