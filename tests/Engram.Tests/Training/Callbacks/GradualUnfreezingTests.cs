using Engram.Training;

namespace Engram.Tests.Training.Callbacks;

public sealed class GradualUnfreezingTests
{
    private static readonly Tensor _x = Tensor.Normal(new RandomStream(1), 16, 5, 2), _y = Tensor.Normal(new RandomStream(2), 16, 1);

    [Fact]
    public void Layers_are_thawed_from_the_last_on()
    {
        Sequential model = Model();
        var watch = new Watch();
        model.Fit(_x, _y, new FitOptions { Epochs = 6, Callbacks = [new GradualUnfreezing(2), watch] });
        Assert.Equal(["dense", "dense", "dense lstm_1", "dense lstm_1", "dense lstm_1 lstm", "dense lstm_1 lstm"], watch.Moved);
        Assert.All(model.Parameters, parameter => Assert.True(parameter.IsTrainable));
    }

    [Fact]
    public void Groups_may_be_named_and_others_are_trained_from_the_start()
    {
        Sequential model = Model();
        model.Layers[1].IsTrainable = false;
        var watch = new Watch();
        model.Fit(_x, _y, new FitOptions { Epochs = 2, Callbacks = [new GradualUnfreezing(1, [["lstm_1"], ["lstm"]]), watch] });
        Assert.Equal(["dense", "dense lstm"], watch.Moved);
        Assert.Equal([true, false, true], model.Layers.Select(layer => layer.Parameters.All(parameter => parameter.IsTrainable)));
    }

    [Fact]
    public void A_layer_that_is_not_there_is_refused_and_nothing_stays_frozen()
    {
        Sequential model = Model();
        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Fit(_x, _y, new FitOptions { Callbacks = [new GradualUnfreezing(1, [["dense"], ["lstm_2"]])] }));
        Assert.Contains("«lstm_2»", error.Message, StringComparison.Ordinal);
        Assert.Contains("lstm, lstm_1, dense", error.Message, StringComparison.Ordinal);
        Assert.All(model.Parameters, parameter => Assert.True(parameter.IsTrainable));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradualUnfreezing(0));
    }

    [Fact]
    public void A_frozen_layer_stays_as_it_is_and_thaws()
    {
        var model = new Sequential(new Bidirectional(new Lstm(3) { ReturnSequences = true }) { IsTrainable = false }, new TimeDistributed(new Dense(2) { IsTrainable = false }), new Lstm(2), new Dense(1));
        model.Compile(new Sgd(0.1, momentum: 0.9), Loss.MeanSquaredError);
        model.Build(new Shape(5, 2));
        float[][] before = Weights(model);
        model.Fit(_x, _y, new FitOptions { Epochs = 2 });
        float[][] after = Weights(model);
        for (int i = 0; i < before.Length; i++)
        {
            bool isFrozen = model.Parameters[i].Name.StartsWith("bidirectional", StringComparison.Ordinal) || model.Parameters[i].Name.StartsWith("time", StringComparison.Ordinal);
            Assert.Equal(isFrozen, before[i].SequenceEqual(after[i]));
        }
        model.Layers[0].IsTrainable = true;
        model.Layers[1].IsTrainable = true;
        model.Fit(_x, _y, new FitOptions { Epochs = 1 });
        Assert.All(Weights(model).Zip(after), pair => Assert.NotEqual(pair.Second, pair.First));
    }

    [Fact]
    public void A_resumed_run_must_freeze_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        Sequential model = Model();
        model.Layers[0].IsTrainable = false;
        model.Fit(_x, _y, new FitOptions { Epochs = 1, CheckpointPath = folder.File("c") });
        ArgumentException error = Assert.Throws<CheckpointMismatchException>(() => Model().Fit(_x, _y, new FitOptions { Epochs = 2, CheckpointPath = folder.File("c"), Resume = true }));
        Assert.Contains("frozen weights lstm.kernel", error.Message, StringComparison.Ordinal);
    }

    private static Sequential Model()
    {
        var model = new Sequential(new Lstm(3) { ReturnSequences = true }, new Lstm(3), new Dense(1));
        model.Compile(new Adam(0.01), Loss.MeanSquaredError);
        model.Build(new Shape(5, 2));
        return model;
    }

    private static float[][] Weights(Model model) => [.. model.Parameters.Select(parameter => parameter.ToArray())];

    /// <summary>Notes which layers an epoch has moved.</summary>
    private sealed class Watch : Callback
    {
        private float[][] _before = [];

        public List<string> Moved { get; } = [];

        public override void OnTrainingStart(TrainingContext context) => _before = Weights(context.Model);

        public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
        {
            float[][] after = Weights(context.Model);
            Moved.Add(string.Join(' ', context.Model.Parameters.Where((_, i) => !_before[i].SequenceEqual(after[i])).Select(parameter => parameter.LayerName).Distinct().Reverse()));
            _before = after;
        }
    }
}
