using Engram.Files;
using Engram.Training;

namespace Engram.Tests.Training;

public sealed class CheckpointTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 20, 3), Y = Tensor.Normal(new RandomStream(2), 20, 1);

    public static TheoryData<string, Optimizer, Loss> OtherSettings => new()
    {
        { "huber (δ 1); this run has huber (δ 5)", new Adam(), Loss.Huber(5) },
        { "this run has adam (β₁ 0.8, β₂ 0.999, ε 1E-07)", new Adam(beta1: 0.8), Loss.Huber() },
        { "clip norm 2", new Adam { ClipNorm = 2 }, Loss.Huber() },
        { "clip value 3", new Adam { ClipValue = 3 }, Loss.Huber() },
        { "weight decay 0.01", new Adam { WeightDecay = 0.01 }, Loss.Huber() },
        { "group of dense.bias with learning rate × 0.1, weight decay 0", new Adam { Groups = [new(p => p.Role == "bias") { LearningRateFactor = 0.1, WeightDecay = 0 }] }, Loss.Huber() },
        { "group of dense.kernel with frozen weights", new Adam { Groups = [new(p => p.Role == "kernel") { Frozen = true }] }, Loss.Huber() },
    };

    [Theory]
    [MemberData(nameof(OtherSettings))]
    public void Other_settings_of_loss_or_optimizer_are_refused(string told, Optimizer optimizer, Loss loss)
    {
        using var folder = new TemporaryFolder();
        Compiled(new Adam(), Loss.Huber()).Fit(X, Y, Options(folder));
        Assert.Equal(2, Compiled(new Adam(), Loss.Huber()).Fit(X, Y, Options(folder, epochs: 2, resume: true)).Epochs.Count);
        ArgumentException error = Assert.Throws<CheckpointMismatchException>(() => Compiled(optimizer, loss).Fit(X, Y, Options(folder, epochs: 3, resume: true)));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_losses_and_optimizers_stand_in_their_texts()
    {
        Assert.Equal("mean_squared_error", Loss.MeanSquaredError.ToString());
        Assert.Equal("quantile (levels 0.1 0.5)", Loss.Quantile(0.1, 0.5).ToString());
        Assert.Equal("student_t_likelihood (ν 4)", Loss.StudentTLikelihood(4).ToString());
        Assert.Equal("gaussian_likelihood (softplus)", Loss.GaussianLikelihood(ScaleOutput.Softplus).ToString());
        var options = new CrossEntropyOptions { FromProbabilities = true, LabelSmoothing = 0.1, ClassWeights = [1, 2.5] };
        Assert.Equal("binary_cross_entropy (from probabilities, label smoothing 0.1, class weights 1 2.5)", Loss.BinaryCrossEntropy(options).ToString());

        Assert.Equal("sgd (momentum 0.9, Nesterov)", new Sgd(0.1, 0.9, nesterov: true).Describe([]));
        Assert.Equal("adamw (β₁ 0.9, β₂ 0.999, ε 1E-07, weight decay 0.01)", new AdamW().Describe([]));
        Assert.Equal("nadam (β₁ 0.9, β₂ 0.98, ε 1E-07)", new Nadam(beta2: 0.98).Describe([]));
        Assert.Equal("rmsprop (decay 0.95, momentum 0, ε 1E-07, centred)", new RmsProp(decay: 0.95, centered: true).Describe([]));
        Assert.Equal("adagrad (ε 0.1)", new Adagrad(epsilon: 0.1).Describe([]));
        Assert.Equal("averaged_sgd (averages from step 7)", new AveragedSgd(averageFrom: 7).Describe([]));
        Assert.Equal("averaged_sgd (non-monotone interval 5)", new AveragedSgd { NonMonotoneInterval = 5 }.Describe([]));
    }

    [Theory]
    [InlineData("cosine", true)]
    [InlineData("warm-up:1:one-cycle", true)]
    [InlineData("cosine:4", false)]
    [InlineData("warm-up:1:halve-after:2", false)]
    public void A_number_of_epochs_that_the_schedule_depends_on_must_stay(string schedule, bool depends)
    {
        using var folder = new TemporaryFolder();
        FitOptions With(int epochs, bool resume) => new()
        {
            Epochs = epochs, CheckpointPath = folder.File("c"), Resume = resume, Schedule = LearningRateSchedule.Parse(schedule),
        };
        Compiled().Fit(X, Y, With(2, false));
        Compiled().Fit(X, Y, With(2, true));
        if (depends)
        {
            Assert.Contains("epochs 2; this run has 3", Assert.Throws<CheckpointMismatchException>(() => Compiled().Fit(X, Y, With(3, true))).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(3, Compiled().Fit(X, Y, With(3, true)).Epochs.Count);
        }
    }

    [Fact]
    public void All_inputs_and_targets_of_a_graph_must_stay()
    {
        using var folder = new TemporaryFolder();
        History Fit(int length, bool resume)
        {
            Node a = Node.Input(6, 2), b = Node.Input(length, 2);
            Node both = new Concatenate().Of(new GlobalMeanPooling().Of(a), new GlobalMeanPooling().Of(b));
            var graph = new Graph([a, b], [new Dense(1).Of(both), new Dense(2).Of(both)]);
            graph.Compile(new Adam(), [Loss.MeanSquaredError, Loss.Huber(3)]);
            return graph.Fit([Tensor.Zeros(8, 6, 2), Tensor.Zeros(8, length, 2)], [Tensor.Zeros(8, 1), Tensor.Zeros(8, 2)], Options(folder, epochs: 2, resume));
        }
        Fit(5, resume: false);
        Fit(5, resume: true);
        Assert.Contains(
            "training samples 8 of [6, 2], [5, 2] → [1], [2]; this run has 8 of [6, 2], [4, 2] → [1], [2]",
            Assert.Throws<CheckpointMismatchException>(() => Fit(4, resume: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_without_settings_is_of_an_older_version_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        Compiled().Fit(X, Y, Options(folder));
        Rewrite(folder.File("c"), metadata =>
        {
            Assert.True(metadata.Remove("loss settings"));
            Assert.True(metadata.Remove("optimizer settings"));
        });
        Assert.Equal(2, Compiled().Fit(X, Y, Options(folder, epochs: 2, resume: true)).Epochs.Count);
    }

    [Theory]
    [InlineData("steps", "-1")]
    [InlineData("steps", "many")]
    [InlineData("steps", "99999999999999999999")]
    [InlineData("learningRate", "NaN")]
    [InlineData("learningRate", "0")]
    [InlineData("learningRate", "Infinity")]
    [InlineData("initialLearningRate", "-0.1")]
    [InlineData("earlyStopping.bestEpoch", "-1")]
    [InlineData("earlyStopping.bestEpoch", "3000000000")]
    [InlineData("earlyStopping.best", "NaN")]
    public void A_number_out_of_its_range_is_refused_by_name(string key, string value)
    {
        using var folder = new TemporaryFolder();
        FitOptions WithStopping(bool resume) => new() { CheckpointPath = folder.File("c"), Resume = resume, Callbacks = [new EarlyStopping()] };
        Compiled().Fit(X, Y, WithStopping(false));
        Rewrite(folder.File("c"), metadata => metadata[key] = value);
        Assert.Contains($"«{key}»", Assert.Throws<ModelFileException>(() => Compiled().Fit(X, Y, WithStopping(true))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_may_be_more_than_an_integer_holds()
    {
        using var folder = new TemporaryFolder();
        Compiled().Fit(X, Y, Options(folder));
        Rewrite(folder.File("c"), metadata => metadata["steps"] = "3000000000");
        Sequential model = Compiled();
        model.Fit(X, Y, Options(folder, epochs: 2, resume: true));
        Assert.Equal(3000000001, model.Optimizer!.Steps);
    }

    [Fact]
    public void Each_of_several_callbacks_of_a_type_takes_its_own_memory_back()
    {
        using var folder = new TemporaryFolder();
        Tensor other = Tensor.Normal(new RandomStream(9), 20, 3);
        (History History, int[] Best, float[] Weights) Fit(string file, int epochs, bool resume = false)
        {
            EarlyStopping[] stopping = [new(9) { Monitor = "loss", RestoreBest = false }, new(9) { Monitor = "val_loss" }];
            Sequential model = Compiled(new Sgd(0.7));
            History history = model.Fit(X, Y, new FitOptions
            {
                Epochs = epochs, BatchSize = 5, ValidationData = (other, Y), CheckpointPath = folder.File(file), Resume = resume, Callbacks = stopping,
            });
            return (history, [.. stopping.Select(each => each.BestEpoch)], [.. model.Parameters.SelectMany(parameter => parameter.ToArray())]);
        }
        (History history, int[] best, float[] weights) = Fit("uncut", 8);
        Fit("cut", 6);
        (History resumed, int[] bestResumed, float[] weightsResumed) = Fit("cut", 8, resume: true);
        Assert.Equal(history.ValidationLoss, resumed.ValidationLoss);
        Assert.NotEqual(best[0], best[1]);
        Assert.Equal(best, bestResumed);
        Assert.Equal(weights, weightsResumed);
    }

    private static FitOptions Options(TemporaryFolder folder, int epochs = 1, bool resume = false) =>
        new() { Epochs = epochs, CheckpointPath = folder.File("c"), Resume = resume };

    private static Sequential Compiled(Optimizer? optimizer = null, Loss? loss = null)
    {
        var model = new Sequential(new Dense(1));
        model.Compile(optimizer ?? new Adam(), loss ?? Loss.MeanSquaredError);
        return model;
    }

    private static void Rewrite(string path, Action<Dictionary<string, string>> change)
    {
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        Dictionary<string, string> metadata = new(file.Metadata);
        change(metadata);
        SafeTensorsFile.Write(path, [.. file.Tensors.Values], metadata);
    }
}
