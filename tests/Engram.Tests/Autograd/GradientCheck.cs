using Engram.Backends;

namespace Engram.Tests.Autograd;

/// <summary>
/// The one gradient checker: every op and layer is run in double precision, with the code that runs in single, and its gradients
/// are compared with central differences, (L(x + ε) − L(x − ε)) / 2ε. Error allowed: 1e-6 · max(1, ‖g‖∞).
/// </summary>
internal static class GradientCheck
{
    private const double Epsilon = 1e-5;
    private const double Tolerance = 1e-6;

    /// <summary>A device in double precision, with the widest vectors or chosen ones.</summary>
    public static Device DoubleDevice(InstructionTier? tier = null, int threads = 2) =>
        new(CpuBackend.Create(threads, tier ?? CpuBackend.WidestTier, doublePrecision: true));

    /// <summary>Checks a function of tensors, by the loss Σ w ⊙ y with random w.</summary>
    public static void Function(Func<Pass, Tensor[], Tensor> function, params Shape[] inputs)
    {
        using Device device = DoubleDevice();
        Check(device, (pass, tensors) => Project(pass, function(pass, tensors)), [], inputs);
    }

    /// <summary>Checks a model: its inputs and all of its parameters, by the loss Σ w ⊙ y with random w.</summary>
    public static void Model(Model model, params Shape[] inputs) => Model(model, (pass, tensors) => Project(pass, model.Forward(pass, tensors[0])), inputs);

    /// <summary>Checks a model with a loss of the caller's.</summary>
    public static void Model(Model model, Func<Pass, Tensor[], Tensor> loss, params Shape[] inputs)
    {
        model.Build(inputs[0].WithoutFirst());
        Perturb(model);
        Weights(model, loss, inputs);
    }

    /// <summary>The same for a model that has its weights, which stay as they are.</summary>
    public static void Weights(Model model, Func<Pass, Tensor[], Tensor> loss, params Shape[] inputs) =>
        Check(model.Device, loss, model.Parameters, inputs);

    /// <summary>Σ w ⊙ y with w drawn once: a loss that every element of y matters to.</summary>
    public static Tensor Project(Pass pass, Tensor y)
    {
        Tensor weights = pass.Input(Tensor.Normal(new RandomStream(99), y.Shape.ToArray()));
        return pass.Sum(pass.Multiply(y, weights));
    }

    /// <summary>Moves every parameter away from its first value, so that biases are not all zero.</summary>
    public static void Perturb(Model model)
    {
        foreach (Parameter parameter in model.Parameters)
        {
            RandomStream random = new RandomStream(7).Derive(parameter.Name);
            float[] values = parameter.ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] += 0.1f * random.Normal(i);
            }
            parameter.Set(values);
        }
    }

    private static void Check(Device device, Func<Pass, Tensor[], Tensor> loss, IReadOnlyList<Parameter> parameters, Shape[] shapes)
    {
        IBackend backend = device.Backend;
        double[][] inputs = [.. shapes.Select((shape, i) => Values(shape, i))];
        double[][] weights = [.. parameters.Select(parameter => Read(backend, parameter.Value, parameter.Shape))];

        double[][] inputGradients, weightGradients;
        Pass pass = Open(device);
        try
        {
            Tensor[] tensors = Inputs(pass, shapes, inputs);
            pass.Backward(loss(pass, tensors));
            inputGradients = [.. tensors.Select(tensor => Pass.TryGradient(tensor) is { } g ? Read(backend, g, tensor.Shape) : new double[tensor.Shape.Count])];
            weightGradients = [.. parameters.Select(parameter => Read(backend, parameter.Gradient, parameter.Shape))];
            Assert.All(parameters, parameter => Assert.True(parameter.HasGradient, $"{parameter.Name} received no gradient"));
        }
        finally
        {
            pass.Close();
        }

        double Loss()
        {
            Pass again = Open(device);
            try
            {
                Tensor result = loss(again, Inputs(again, shapes, inputs));
                return Read(backend, result.Body.Storage!, result.Shape)[0];
            }
            finally
            {
                again.Close();
            }
        }

        double largest = inputGradients.Concat(weightGradients).SelectMany(g => g).Select(Math.Abs).DefaultIfEmpty().Max();
        Assert.True(largest > 0, "All gradients are zero: nothing was checked.");
        double allowed = Tolerance * Math.Max(1, largest);
        for (int i = 0; i < inputs.Length; i++)
        {
            Compare($"input {i}", inputs[i], inputGradients[i], () => { }, Loss, allowed);
        }
        for (int i = 0; i < weights.Length; i++)
        {
            Parameter parameter = parameters[i];
            double[] values = weights[i];
            Compare(parameter.Name, values, weightGradients[i], () => parameter.Set(values), Loss, allowed);
        }
    }

    /// <summary>Compares up to 40 elements, spread over the array.</summary>
    private static void Compare(string name, double[] values, double[] gradients, Action apply, Func<double> loss, double allowed)
    {
        int stride = Math.Max(1, values.Length / 40);
        for (int i = 0; i < values.Length; i += stride)
        {
            double value = values[i];
            double expected = Difference(1);
            if (Math.Abs(expected - gradients[i]) > allowed)
            {
                // Where the function bends strongly, its third derivative shows: the difference of fourth order is free of it.
                expected = (4 * expected - Difference(2)) / 3;
            }
            values[i] = value;
            apply();
            Assert.True(
                Math.Abs(expected - gradients[i]) <= allowed,
                $"{name}[{i}]: gradient {gradients[i]:R}, central difference {expected:R}, allowed error {allowed:R}");

            double Difference(int steps)
            {
                values[i] = value + steps * Epsilon;
                apply();
                double above = loss();
                values[i] = value - steps * Epsilon;
                apply();
                return (above - loss()) / (2 * steps * Epsilon);
            }
        }
    }

    private static Pass Open(Device device)
    {
        Pass pass = device.Passes.Open(training: true, recordsGradients: true, new RandomStream(5));
        return pass;
    }

    private static Tensor[] Inputs(Pass pass, Shape[] shapes, double[][] values)
    {
        var tensors = new Tensor[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            tensors[i] = pass.Create(shapes[i], "input", needsGradient: true);
            pass.Backend.Write(tensors[i].Body.Storage!, values[i]);
        }
        return tensors;
    }

    private static double[] Values(Shape shape, int index)
    {
        RandomStream random = new RandomStream(11).Derive(index);
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Normal(i);
        }
        return values;
    }

    private static double[] Read(IBackend backend, Storage storage, Shape shape)
    {
        double[] values = new double[shape.Count];
        backend.Read(storage, values);
        return values;
    }
}
