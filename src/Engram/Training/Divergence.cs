using System.Globalization;
using System.Numerics.Tensors;
using Engram.Backends;

namespace Engram.Training;

/// <summary>Something that is no finite number: what and where, in words; the layer, where it is one's; whether it is the data's.</summary>
internal sealed record DivergenceFault(string What, string? Layer = null, bool IsOfData = false);

/// <summary>
/// Looks for numbers that are not finite where training has to stop: in what comes in, in gradients before they are used, in weights after a
/// step. Where the loss is not finite, of a batch or of the validation data, it finds out why. A steady step costs a sum of squares over gradients and weights.
/// </summary>
internal static class Divergence
{
    /// <summary>In the inputs of the batch that was read last; what is padding was cleared and does not count.</summary>
    public static DivergenceFault? InInputs(BatchReader reader, ReadOnlySpan<int> samples)
    {
        BatchReader[] each = reader.EachInput ?? [];
        for (int i = 0; i < each.Length; i++)
        {
            if (InData(each[i].Inputs, samples, each[i].InputShape, $"input {i + 1}") is { } fault)
            {
                return fault;
            }
        }
        return reader.EachInput is null ? InData(reader.Inputs, samples, reader.InputShape, "the input") : null;
    }

    /// <summary>In the gradients of the walk that was done last: the last layer, from which it flows back to those before.</summary>
    public static DivergenceFault? InGradients(IBackend backend, IReadOnlyList<Parameter> parameters)
    {
        for (int i = parameters.Count - 1; i >= 0; i--)
        {
            Parameter parameter = parameters[i];
            if (parameter.HasGradient && !IsFinite(backend, parameter.Gradient, parameter.Shape.Count))
            {
                return new DivergenceFault($"the gradient of {parameter.Name} is no longer finite", parameter.LayerName);
            }
        }
        return null;
    }

    /// <summary>In the weights.</summary>
    public static DivergenceFault? InWeights(IBackend backend, IReadOnlyList<Parameter> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (!IsFinite(backend, parameter.Value, parameter.Shape.Count))
            {
                return new DivergenceFault($"the weights {parameter.Name} are no longer finite", parameter.LayerName);
            }
        }
        return null;
    }

    /// <summary>Why the loss of a pass is not finite: weights, else the first layer that puts such a number out, else a target, else the loss itself.</summary>
    public static DivergenceFault OfLoss(double loss, Pass pass, Model model, BatchReader reader, ReadOnlySpan<int> samples)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $"the loss is {loss}");
        DivergenceFault? cause = InWeights(pass.Backend, model.Parameters) ?? InLayers(pass) ?? InTargets(reader, samples);
        return cause is null ? TooLarge(what, pass, reader) : cause with { What = $"{what}: {cause.What}" };
    }

    /// <summary>Why the loss of the validation data is not finite: the first input or target that is not, else what the loss makes of finite numbers.</summary>
    public static DivergenceFault OfValidation(double loss, Model model, ISampleSource samples, int batchSize)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $"the loss of the validation data is {loss}, in which");
        int[] indices = new int[Math.Min(batchSize, samples.Count)];
        var reader = new BatchReader(model, samples, indices.Length, wantsTargets: true);
        for (int first = 0; first < samples.Count; first += indices.Length)
        {
            Span<int> batch = indices.AsSpan(0, Math.Min(indices.Length, samples.Count - first));
            for (int i = 0; i < batch.Length; i++)
            {
                batch[i] = first + i;
            }
            reader.Read(batch);
            if ((InInputs(reader, batch) ?? InTargets(reader, batch)) is { } fault)
            {
                return fault with { What = $"{what} {fault.What}" };
            }
        }
        return new DivergenceFault(what + " all numbers are finite: it is too large for what the model puts out, or the loss makes no number of it");
    }

    /// <summary>All numbers are finite, but what the loss makes of them is not: it is told how large they are.</summary>
    private static DivergenceFault TooLarge(string loss, Pass pass, BatchReader reader)
    {
        string targets = Largest([.. (reader.EachTarget ?? [reader]).SelectMany(each => each.Targets.ToArray())]);
        return pass.LayerOutputs is [.., var (layer, output)]
            ? new DivergenceFault($"{loss}: layer {layer.Name} ({layer.Kind}) puts out numbers up to {Largest(output.ToArray())}, targets are up to {targets}", layer.Name)
            : new DivergenceFault($"{loss}, though the model puts out finite numbers; targets are up to {targets}");

        static string Largest(float[] values) => values.Length == 0 ? "0" : Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)).ToString("G3", CultureInfo.InvariantCulture);
    }

    private static DivergenceFault? InLayers(Pass pass)
    {
        foreach ((Layer layer, Tensor output) in pass.LayerOutputs)
        {
            float[] values = output.ToArray();
            if (!TensorPrimitives.IsFiniteAll<float>(values))
            {
                return new DivergenceFault($"layer {layer.Name} ({layer.Kind}) is the first to put out what is no finite number", layer.Name);
            }
        }
        return null;
    }

    private static DivergenceFault? InTargets(BatchReader reader, ReadOnlySpan<int> samples)
    {
        foreach (BatchReader each in reader.EachTarget ?? [reader])
        {
            if (InData(each.Targets, samples, each.TargetShape, "the target") is { } fault)
            {
                return fault;
            }
        }
        return null;
    }

    private static DivergenceFault? InData(ReadOnlySpan<float> values, ReadOnlySpan<int> samples, Shape sample, string what)
    {
        if (TensorPrimitives.IsFiniteAll(values))
        {
            return null;
        }
        int at = 0;
        while (float.IsFinite(values[at]))
        {
            at++;
        }
        int size = values.Length / samples.Length, within = at % size;
        int[] place = new int[sample.Rank];
        for (int axis = sample.Rank - 1; axis >= 0; axis--)
        {
            (place[axis], within) = (within % sample[axis], within / sample[axis]);
        }
        string position = place.Length == 0 ? "" : $" at [{string.Join(", ", place)}]";
        return new DivergenceFault(string.Create(CultureInfo.InvariantCulture, $"{what} of sample {samples[at / size]} is {values[at]}{position}"), IsOfData: true);
    }

    /// <summary>Whether all are finite; squares may overflow where numbers do not, so that a sum that is not finite is looked into.</summary>
    private static bool IsFinite(IBackend backend, Storage storage, long count)
    {
        if (double.IsFinite(backend.SumOfSquares(storage, count)))
        {
            return true;
        }
        double[] values = new double[count];
        backend.Read(storage, values);
        return TensorPrimitives.IsFiniteAll<double>(values);
    }
}
