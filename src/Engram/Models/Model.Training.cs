using Engram.Losses;
using Engram.Training;

namespace Engram;

/// <content>Training, prediction and scores.</content>
public abstract partial class Model
{
    /// <summary>Trains on arrays.</summary>
    /// <param name="x">Inputs, sample by sample.</param>
    /// <param name="y">Targets, as many.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    /// <exception cref="InvalidOperationException">The model was not compiled.</exception>
    /// <exception cref="ShapeException">Inputs, targets and the model's output do not fit.</exception>
    /// <exception cref="TrainingDivergedException">The data, the loss, that of the validation data included, or a weight is no finite number any more.</exception>
    public History Fit(Tensor x, Tensor y, FitOptions? options = null) => Fit(new ArraySource(x, y), options);

    /// <summary>Trains on sequences of different lengths.</summary>
    /// <param name="x">Inputs, [samples, time, …].</param>
    /// <param name="y">Targets, as many.</param>
    /// <param name="mask">Which steps of x are real. Losses and metrics leave the others out where the model puts out one value for every step.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <inheritdoc cref="Fit(Tensor, Tensor, FitOptions?)"/>
    public History Fit(Tensor x, Tensor y, SequenceMask mask, FitOptions? options = null) => Fit(new ArraySource(x, y, mask), options);

    /// <summary>Trains on samples that are made when they are needed.</summary>
    /// <inheritdoc cref="Fit(Tensor, Tensor, FitOptions?)"/>
    public History Fit(ISampleSource samples, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new Trainer(this, samples, options ?? new FitOptions()).Run();
    }

    /// <summary>The model's output for every sample. Safe from many threads at once.</summary>
    /// <param name="x">Inputs, batch first.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1; without <paramref name="carryState"/> results do not depend on it.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>.</param>
    /// <exception cref="ArgumentException">States are carried, but the samples do not fill whole batches.</exception>
    public Tensor Predict(Tensor x, int batchSize = 256, bool carryState = false) => Predict(new ArraySource(x), batchSize, carryState);

    /// <summary>The model's output for sequences of different lengths. Safe from many threads at once.</summary>
    /// <param name="x">Inputs, [samples, time, …].</param>
    /// <param name="mask">Which steps of x are real.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1; without <paramref name="carryState"/> results do not depend on it.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>.</param>
    /// <exception cref="ArgumentException">States are carried, but the samples do not fill whole batches.</exception>
    public Tensor Predict(Tensor x, SequenceMask mask, int batchSize = 256, bool carryState = false) => Predict(new ArraySource(x, mask), batchSize, carryState);

    /// <summary>The model's output for every sample of a source. Safe from many threads at once.</summary>
    /// <param name="samples">The source; its targets are not read.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1; without <paramref name="carryState"/> results do not depend on it.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>.</param>
    /// <param name="cancellation">Ends the prediction by <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">States are carried, but the samples do not fill whole batches.</exception>
    public Tensor Predict(ISampleSource samples, int batchSize = 256, bool carryState = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        BuildFor(samples);
        var output = new PredictedOutput(samples);
        Inference.Run(
            this, samples, batchSize, wantsTargets: false, (pass, batch, indices) => output.Add(ForwardBatch(pass, batch), batch, indices), StatesToCarry(carryState), cancellation);
        return output.ToTensor(OutputShape!.Value);
    }

    /// <summary>The model's output for a batch that was read.</summary>
    private protected virtual Tensor ForwardBatch(Pass pass, BatchReader batch) => Forward(pass, batch.Input(pass));

    /// <summary>Loss and metrics over a data set, by name; <c>loss</c> first.</summary>
    /// <param name="x">Inputs, sample by sample.</param>
    /// <param name="y">Targets, as many.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>; the batch size then matters.</param>
    /// <exception cref="ArgumentException">States are carried, but the samples do not fill whole batches.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(Tensor x, Tensor y, int batchSize = 256, bool carryState = false) =>
        Evaluate(new ArraySource(x, y), batchSize, carryState);

    /// <summary>The same for sequences of different lengths.</summary>
    /// <param name="x">Inputs, [samples, time, …].</param>
    /// <param name="y">Targets, as many.</param>
    /// <param name="mask">Which steps of x are real.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>; the batch size then matters.</param>
    /// <exception cref="ArgumentException">States are carried, but the samples do not fill whole batches.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(Tensor x, Tensor y, SequenceMask mask, int batchSize = 256, bool carryState = false) =>
        Evaluate(new ArraySource(x, y, mask), batchSize, carryState);

    /// <summary>The same for samples that are made when they are needed.</summary>
    /// <param name="samples">The source.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>; the batch size then matters.</param>
    /// <param name="cancellation">Ends the evaluation by <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">States are carried, but the samples do not fill whole batches.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(
        ISampleSource samples, int batchSize = 256, bool carryState = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        BuildFor(samples);
        return Score(samples, batchSize, StatesToCarry(carryState), cancellation);
    }

    /// <summary>States that go on from batch to batch, where they shall.</summary>
    private protected CarriedStates? StatesToCarry(bool carryState)
    {
        if (!carryState)
        {
            return null;
        }
        RequireStepByStep();
        return new CarriedStates(Device.Backend);
    }

    /// <summary>Makes the weights for samples of a source.</summary>
    /// <exception cref="ArgumentException">The samples are lists of inputs, and the model takes one.</exception>
    internal virtual void BuildFor(ISampleSource samples, long seed = 0)
    {
        if (samples is SeveralSources)
        {
            throw new ArgumentException("These samples are lists of inputs and targets, which a Graph takes; this model takes one array of each.", nameof(samples));
        }
        Build(samples.InputShape, seed);
    }

    /// <summary>Loss and metrics over a data set.</summary>
    private protected virtual IReadOnlyDictionary<string, double> Score(
        ISampleSource samples, int batchSize, CarriedStates? states, CancellationToken cancellation) =>
        Evaluation.Run(this, samples, batchSize, states, cancellation);

    /// <summary>The names that <see cref="Score"/> gives.</summary>
    /// <param name="several">Whether it is given lists of targets.</param>
    internal virtual IEnumerable<string> ScoreNames(bool several) => ["loss", .. Metrics.Select(metric => metric.Name)];

    /// <summary>The loss of a batch in training.</summary>
    /// <param name="pass">The pass that owns it.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="each">Receives what the loss is made of: one for each output.</param>
    internal virtual Tensor BatchLoss(Pass pass, Loss loss, BatchReader batch, List<OutputLoss> each)
    {
        Tensor predicted = Forward(pass, batch.Input(pass)), target = batch.Target(pass);
        Tensor value = loss is KernelLoss kernel && OutputIsSpent ? kernel.ApplyAndSpend(pass, predicted, target) : loss.Apply(pass, predicted, target);
        each.Add(new OutputLoss(value, 1, loss.WeightOf(predicted, target)));
        return value;
    }

    /// <summary>Whether nothing but the loss reads what the model puts out in a step of training.</summary>
    private protected virtual bool OutputIsSpent => false;
}
