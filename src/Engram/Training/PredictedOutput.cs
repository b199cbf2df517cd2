namespace Engram.Training;

/// <summary>Gathers what a model puts out for batches, sample by sample in the order of the source, whatever the order of the batches.</summary>
/// <param name="samples">The source.</param>
internal sealed class PredictedOutput(ISampleSource samples)
{
    private float[]? _values;
    private float[] _room = [];
    private Shape _sample;

    /// <summary>Adds a batch. Steps that were cut off behind its longest sample are zero.</summary>
    public void Add(Tensor predicted, BatchReader batch, ReadOnlySpan<int> indices)
    {
        Shape one = predicted.Shape.WithoutFirst();
        // A time axis keeps the mask of the inputs.
        bool hasTime = batch.StepsCutOff > 0 && predicted.Mask is not null && one.Rank > 0 && one[0] == predicted.Mask.Steps;
        Shape whole = hasTime ? one.WithoutFirst().Prepend(one[0] + batch.StepsCutOff) : one;
        if (_values is null)
        {
            (_sample, _values) = (whole, new float[whole.Count * samples.Count]);
        }
        else if (whole != _sample)
        {
            throw new ShapeException(
                $"The model puts out shape {one} for a batch whose inputs have {batch.InputShape}, but {_sample} for another: its outputs depend on the number of steps and carry no mask. "
                + "Give samples without lengths.");
        }
        int length = (int)one.Count, distance = (int)whole.Count;
        if (_room.Length < predicted.Shape.Count)
        {
            _room = new float[predicted.Shape.Count];
        }
        predicted.CopyTo(_room);
        for (int i = 0; i < indices.Length; i++)
        {
            _room.AsSpan(i * length, length).CopyTo(_values.AsSpan(indices[i] * distance));
        }
    }

    /// <summary>All of it.</summary>
    /// <param name="sample">The shape of one sample's output, for where there was no sample.</param>
    public Tensor ToTensor(Shape sample) => _values is null ? Tensor.Zeros(sample.Prepend(0).ToArray()) : Tensor.Wrap(_values, _sample.Prepend(samples.Count));
}
