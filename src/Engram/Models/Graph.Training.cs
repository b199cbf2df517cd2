using Engram.Training;

namespace Engram;

/// <content>Training and prediction with several inputs and outputs.</content>
public sealed partial class Graph
{
    private Loss? _eachOf;
    private LossOfEach? _each;

    /// <summary>Sets a loss for each output; what is made small is their weighted sum.</summary>
    /// <param name="optimizer">What changes the weights.</param>
    /// <param name="losses">One for each output.</param>
    /// <param name="lossWeights">How much each counts, 0 or more; 1 each by default.</param>
    /// <param name="metrics">What is measured beside, on every output.</param>
    /// <exception cref="ArgumentException">
    /// The numbers of losses or weights are not that of the outputs, or a weight is negative; a loss takes logits, but the sigmoid or softmax of its output's
    /// layer makes probabilities.
    /// </exception>
    public void Compile(Optimizer optimizer, IReadOnlyList<Loss> losses, IReadOnlyList<double>? lossWeights = null, params IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(losses);
        RequireCount(losses.Count, OutputCount, "outputs, and needs as many losses", nameof(losses));
        lossWeights ??= [.. losses.Select(_ => 1.0)];
        RequireCount(lossWeights.Count, OutputCount, "outputs, and needs as many weights of losses", nameof(lossWeights));
        if (lossWeights.Any(weight => !(weight >= 0 && double.IsFinite(weight))))
        {
            throw new ArgumentException("A weight of a loss is a number of 0 or more.", nameof(lossWeights));
        }
        Compile(optimizer, new LossOfEach([.. losses], [.. lossWeights]), metrics);
    }

    /// <summary>Trains on arrays.</summary>
    /// <param name="x">Each input, sample by sample.</param>
    /// <param name="y">The target of each output, as many samples.</param>
    /// <param name="options">How; defaults where not given. For validation data give <c>Graph.Samples</c> as its source.</param>
    /// <param name="masks">Which steps of each input are real; null where all are.</param>
    /// <returns>Loss and metrics of every epoch.</returns>
    /// <exception cref="ArgumentException">The numbers of inputs, targets or masks do not fit the graph.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled.</exception>
    /// <exception cref="ShapeException">Inputs, targets and the model's outputs do not fit.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no finite number any more.</exception>
    public History Fit(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y, FitOptions? options = null, IReadOnlyList<SequenceMask?>? masks = null) =>
        Fit(Samples(x, y, masks), options);

    /// <summary>Samples for a graph, as <see cref="FitOptions.ValidationSource"/> takes them.</summary>
    /// <param name="x">Each input, sample by sample.</param>
    /// <param name="y">The target of each output, as many samples.</param>
    /// <param name="masks">Which steps of each input are real; null where all are.</param>
    public static ISampleSource Samples(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y, IReadOnlyList<SequenceMask?>? masks = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return SeveralSources.Of(x, y, masks);
    }

    /// <summary>
    /// Samples for a graph that are made when they are needed, as <c>Fit</c>, <c>Evaluate</c> and <see cref="FitOptions.ValidationSource"/> take them:
    /// of each source the samples of one number belong together. A source may be among both lists, and is then read once.
    /// </summary>
    /// <param name="inputs">For each input of the graph a source, whose inputs and masks are taken.</param>
    /// <param name="targets">For each output a source, whose targets are taken.</param>
    /// <exception cref="ArgumentException">There are no inputs, or a source is made of several itself.</exception>
    /// <exception cref="ShapeException">The sources have unlike numbers of samples.</exception>
    public static ISampleSource Samples(IReadOnlyList<ISampleSource> inputs, IReadOnlyList<ISampleSource> targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        return new SeveralSources(inputs, targets);
    }

    /// <summary>Each output for every sample. Safe from many threads at once.</summary>
    /// <param name="x">Each input, batch first.</param>
    /// <param name="masks">Which steps of each input are real; null where all are.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1; without <paramref name="carryState"/> results do not depend on it.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>.</param>
    /// <param name="cancellation">Ends the prediction by <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The number of inputs or masks does not fit the graph; states are carried, but the samples do not fill whole batches.</exception>
    public Tensor[] Predict(
        IReadOnlyList<Tensor> x, IReadOnlyList<SequenceMask?>? masks = null, int batchSize = 256, bool carryState = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        return PredictEach(SeveralSources.Of(x, [], masks), batchSize, carryState, cancellation);
    }

    /// <summary>Each output for every sample of sources. Safe from many threads at once.</summary>
    /// <param name="inputs">For each input of the graph a source, whose inputs and masks are taken.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1; without <paramref name="carryState"/> results do not depend on it.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>.</param>
    /// <param name="cancellation">Ends the prediction by <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The number of sources does not fit the graph; states are carried, but the samples do not fill whole batches.</exception>
    public Tensor[] Predict(IReadOnlyList<ISampleSource> inputs, int batchSize = 256, bool carryState = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return PredictEach(new SeveralSources(inputs, []), batchSize, carryState, cancellation);
    }

    private Tensor[] PredictEach(SeveralSources samples, int batchSize, bool carryState, CancellationToken cancellation)
    {
        BuildFor(samples);
        PredictedOutput[] predicted = [.. _outputs.Select(_ => new PredictedOutput(samples))];
        Inference.Run(this, samples, batchSize, wantsTargets: false, (pass, batch, indices) =>
        {
            Span<Tensor> outputs = ForwardEach(pass, batch);
            for (int i = 0; i < outputs.Length; i++)
            {
                predicted[i].Add(outputs[i], batch, indices);
            }
        }, StatesToCarry(carryState), cancellation);
        return [.. predicted.Select((output, i) => output.ToTensor(ShapeOf(_outputs[i])!.Value))];
    }

    /// <summary>
    /// The weighted sum of the losses under <c>loss</c>, then loss and metrics of each output under its name: <c>dense_loss</c>, <c>dense_accuracy</c>.
    /// </summary>
    /// <param name="x">Each input, sample by sample.</param>
    /// <param name="y">The target of each output, as many samples.</param>
    /// <param name="masks">Which steps of each input are real; null where all are.</param>
    /// <param name="batchSize">Samples that are computed together, at least 1.</param>
    /// <param name="carryState">Whether states go on from batch to batch, see <see cref="FitOptions.CarryState"/>; the batch size then matters.</param>
    /// <param name="cancellation">Ends the evaluation by <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The numbers of inputs, targets or masks do not fit the graph; states are carried, but the samples do not fill whole batches.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(
        IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y, IReadOnlyList<SequenceMask?>? masks = null, int batchSize = 256, bool carryState = false,
        CancellationToken cancellation = default) => Evaluate(Samples(x, y, masks), batchSize, carryState, cancellation);

    internal override void BuildFor(ISampleSource samples, long seed = 0)
    {
        if (samples is not SeveralSources several)
        {
            base.BuildFor(samples, seed);
            return;
        }
        RequireCount(several.Inputs.Length, InputCount, "inputs", nameof(samples));
        if (several.Targets.Length > 0)
        {
            RequireTargets(several.Targets.Length);
        }
        Build([.. several.Inputs.Select(input => input.InputShape)], seed);
        several.TellTime(_hasTime, [.. _outputs.Select(output => _shapes[output] is { Rank: > 1 })]);
    }

    internal override Tensor BatchLoss(Pass pass, Loss loss, BatchReader batch, List<OutputLoss> each)
    {
        if (batch.EachTarget is not { } targets)
        {
            return base.BatchLoss(pass, loss, batch, each);
        }
        RequireTargets(targets.Length);
        Span<Tensor> outputs = ForwardEach(pass, batch);
        LossOfEach losses = Each(loss);
        Tensor sum = default;
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor target = targets[i].Target(pass), one = losses.Losses[i].Apply(pass, outputs[i], target), weighted = pass.Scale(one, losses.Weights[i]);
            each.Add(new OutputLoss(one, losses.Weights[i], losses.Losses[i].WeightOf(outputs[i], target)));
            sum = sum.Exists ? pass.Add(sum, weighted) : weighted;
        }
        return sum;
    }

    private protected override IReadOnlyDictionary<string, double> Score(
        ISampleSource samples, int batchSize, CarriedStates? states, CancellationToken cancellation)
    {
        if (samples is not SeveralSources several)
        {
            return base.Score(samples, batchSize, states, cancellation);
        }
        LossOfEach each = Each(Loss ?? throw new InvalidOperationException("Compile the model first: model.Compile(optimizer, losses)."));
        RequireTargets(several.Targets.Length);
        OutputScore[] scores = [.. each.Losses.Select(loss => new OutputScore(loss, Metrics))];
        Inference.Run(this, samples, batchSize, wantsTargets: true, (pass, batch, _) =>
        {
            Span<Tensor> outputs = ForwardEach(pass, batch);
            for (int i = 0; i < outputs.Length; i++)
            {
                BatchReader target = batch.EachTarget![i];
                scores[i].Add(outputs[i], target.Target(pass), target.Targets);
            }
        }, states, cancellation);
        var results = new Dictionary<string, double> { ["loss"] = scores.Select((score, i) => each.Weights[i] * score.Loss).Sum() };
        for (int i = 0; i < scores.Length; i++)
        {
            string prefix = OutputNames[i] + "_";
            results[prefix + "loss"] = scores[i].Loss;
            scores[i].AddMetrics(results, prefix);
        }
        return results;
    }

    internal override IEnumerable<string> ScoreNames(bool several)
    {
        IEnumerable<string> ofEach = base.ScoreNames(several);
        return several ? ["loss", .. OutputNames.SelectMany(_ => ofEach, (output, name) => $"{output}_{name}")] : ofEach;
    }

    private void RequireTargets(int count) => RequireCount(count, OutputCount, "outputs, and needs as many targets", "samples");

    /// <inheritdoc/>
    private protected override Tensor ForwardBatch(Pass pass, BatchReader batch) =>
        batch.EachInput is null ? base.ForwardBatch(pass, batch)
        : OutputCount == 1 ? ForwardEach(pass, batch)[0]
        : throw new InvalidOperationException($"This graph has {OutputCount} outputs. Give its inputs as a list: model.Predict([x, …]).");

    private Span<Tensor> ForwardEach(Pass pass, BatchReader batch)
    {
        Span<Tensor> room = batch.Room(InputCount + OutputCount), inputs = room[..InputCount], outputs = room[InputCount..];
        BatchReader[] readers = batch.EachInput!;
        RequireCount(readers.Length, InputCount, "inputs", nameof(batch));
        for (int i = 0; i < readers.Length; i++)
        {
            inputs[i] = readers[i].Input(pass);
        }
        Forward(pass, inputs, outputs);
        return outputs;
    }

    /// <summary>The loss of each output, also where one was given for all.</summary>
    private LossOfEach Each(Loss loss)
    {
        if (_each is null || !ReferenceEquals(_eachOf, loss))
        {
            _each = loss as LossOfEach ?? new LossOfEach([.. Enumerable.Repeat(loss, OutputCount)], [.. Enumerable.Repeat(1.0, OutputCount)]);
            _eachOf = loss;
        }
        return _each;
    }

    /// <summary>A loss, and its weight, for each output.</summary>
    private sealed class LossOfEach(Loss[] losses, double[] weights) : Loss
    {
        public Loss[] Losses => losses;

        public double[] Weights => weights;

        public override string Name => Sum(loss => loss.Name);

        public override string ToString() => Sum(loss => loss.ToString());

        internal override string? Misfit(IReadOnlyList<Layer?> outputs) =>
            losses.Select((loss, i) => loss.Misfit([outputs[i]])).FirstOrDefault(misfit => misfit is not null);

        public override Tensor Apply(Pass pass, Tensor predicted, Tensor target) =>
            losses.Length == 1 ? pass.Scale(losses[0].Apply(pass, predicted, target), weights[0])
            : throw new InvalidOperationException("Each output has a loss of its own. Give lists: model.Fit([x, …], [y, …]).");

        public override double WeightOf(Tensor predicted, Tensor target) => losses[0].WeightOf(predicted, target);

        private string Sum(Func<Loss, string> text) => string.Join(" + ", losses.Select((loss, i) =>
            weights[i] == 1 ? text(loss) : FormattableString.Invariant($"{weights[i]:R} · {text(loss)}")));
    }
}
