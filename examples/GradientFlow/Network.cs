namespace Engram.Examples.GradientFlow;

/// <summary>A recurrent layer whose gradient is followed, with weights as they are before training.</summary>
/// <param name="Name">What it is called in the picture.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Adapt">What is changed in its weights.</param>
internal sealed record Network(string Name, RecurrentLayer Layer, Action<RecurrentLayer>? Adapt = null)
{
    public const int Units = 32;

    /// <summary>
    /// σ(5) = .9933 of the state is kept at every step, about as much as it takes to remember over 200 steps (Tallec &amp; Ollivier 2018), and
    /// .26 over all of them. With a bias of 1, the LSTM's default, σ(1) = .73 is kept at every step, and of 0, the GRU's, a half.
    /// </summary>
    public const float LongMemory = 5;

    /// <summary>Little is let in, so that 200 inputs do not fill the state: σ(−3) = .05.</summary>
    public const float SmallInput = -3;

    /// <summary>How large the recurrent weights of the exploding LSTM are.</summary>
    public const float LargeFactor = 4;

    /// <summary>The layers to compare.</summary>
    public static IReadOnlyList<Network> All =>
    [
        new("RNN", new SimpleRnn(Units)),
        new("GRU, bias 0", new Gru(Units)),
        new("GRU, bias 5", new Gru(Units), layer => SetFirstBias(layer, LongMemory)),
        new("LSTM, bias 1", new Lstm(Units)),
        new("LSTM, bias 5", new Lstm(Units) { ForgetBias = LongMemory }, layer => SetFirstBias(layer, SmallInput)),
        new($"LSTM, U × {LargeFactor}", new Lstm(Units), layer => ScaleRecurrentKernel(layer, LargeFactor)),
    ];

    /// <summary>A model of the layer alone, built for sequences of so many features.</summary>
    public Sequential Build(int steps, int features, long seed, params Layer[] head)
    {
        var model = new Sequential([Layer, .. head]);
        model.Build(new Shape(steps, features), seed);
        Adapt?.Invoke(Layer);
        return model;
    }

    /// <summary>The first block of biases is the GRU's update gate, and the LSTM's input gate.</summary>
    private static void SetFirstBias(RecurrentLayer layer, float bias)
    {
        Parameter parameter = layer.Bias!;
        float[] values = parameter.ToArray();
        values.AsSpan(0, Units).Fill(bias);
        parameter.Set(values);
    }

    private static void ScaleRecurrentKernel(RecurrentLayer lstm, float factor)
    {
        Parameter parameter = lstm.RecurrentKernel;
        parameter.Set([.. parameter.ToArray().Select(weight => factor * weight)]);
    }
}
