namespace Engram;

/// <summary>
/// Runs a model over sequences that come in one time step at a time, carrying its state along. What it puts out at a step is, to the bit, what
/// the model puts out at that step of the whole sequence; where the model gives its last output only, what it gives for the sequence so far.
/// <code>
///   ModelStream stream = model.Stream();
///   while (sensor.Next() is { } x) { stream.Step(x, y); }
/// </code>
/// After the first steps nothing is allocated. One stream is for one thread; many streams may run on one model.
/// </summary>
public sealed class ModelStream
{
    private readonly Model _model;
    private readonly CarriedStates _states;
    private readonly Shape _input;
    private bool _isBroken;

    internal ModelStream(Model model, int batch, WeightPrecision weights)
    {
        _model = model;
        _states = new CarriedStates(model.Device.Backend) { IsStepwise = true, Weights = weights };
        Batch = batch;
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        Shape sample = model.InputShape!.Value;
        (sizes[0], sizes[1]) = (batch, 1);
        for (int i = 1; i < sample.Rank; i++)
        {
            sizes[i + 1] = sample[i];
        }
        _input = new Shape(sizes[..(sample.Rank + 1)]);
        InputSize = (int)(_input.Count / batch);
        Pass pass = model.OpenPass(training: false, default);
        try
        {
            // What a step puts out depends on whether the model keeps the time axis: one step of zeros tells.
            OutputSize = (int)(model.Forward(pass, pass.Input(new float[_input.Count], _input)).Shape.Count / batch);
        }
        finally
        {
            pass.Close();
        }
    }

    /// <summary>Sequences that run side by side.</summary>
    public int Batch { get; }

    /// <summary>Numbers that a step takes for each sequence.</summary>
    public int InputSize { get; }

    /// <summary>Numbers that a step gives for each sequence.</summary>
    public int OutputSize { get; }

    /// <summary>Steps since the start, or since <see cref="Reset"/>.</summary>
    public long Steps { get; private set; }

    /// <summary>Takes one time step of every sequence.</summary>
    /// <param name="input">Batch × <see cref="InputSize"/> numbers.</param>
    /// <param name="output">Receives batch × <see cref="OutputSize"/> numbers.</param>
    /// <exception cref="ArgumentException">One of the two has another length.</exception>
    /// <exception cref="InvalidOperationException">A step before failed when some layers had taken it: only <see cref="Reset"/> makes their states fit again.</exception>
    public void Step(ReadOnlySpan<float> input, Span<float> output)
    {
        if (_isBroken)
        {
            throw new InvalidOperationException(
                "A step failed when some layers had taken it, so that their states are not of the same step. Call Reset, and give the sequences from their first step on.");
        }
        Require(input.Length, InputSize, nameof(input));
        Require(output.Length, OutputSize, nameof(output));
        Pass pass = _model.OpenPass(training: false, default);
        try
        {
            pass.Carry(_states);
            _model.Forward(pass, pass.Input(input, _input)).CopyTo(output);
        }
        catch
        {
            _isBroken = _states.HasBegun;
            throw;
        }
        finally
        {
            pass.Close();
        }
        Steps++;
    }

    /// <summary>Forgets all states: the next step is the first of new sequences.</summary>
    public void Reset()
    {
        _states.Reset();
        _isBroken = false;
        Steps = 0;
    }

    private void Require(int length, int size, string name)
    {
        if (length != Batch * size)
        {
            throw new ArgumentException($"A step has {Batch} × {size} numbers as its {name}, but {length} were given.", name);
        }
    }
}
