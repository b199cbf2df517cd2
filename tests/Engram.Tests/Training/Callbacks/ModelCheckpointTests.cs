using Engram.Files;
using Engram.Training;

namespace Engram.Tests.Training.Callbacks;

public sealed class ModelCheckpointTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 40, 3), Y = Tensor.Normal(new RandomStream(2), 40, 1);

    [Fact]
    public void The_best_epoch_s_model_is_kept()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = new ModelCheckpoint(folder.File("best.safetensors"));
        Sequential model = Compiled(0.7); // too high a rate: the last epoch is not the best
        History history = model.Fit(X, Y, new FitOptions { Epochs = 12, BatchSize = 4, ValidationData = (X, Y), Callbacks = [checkpoint] });

        Assert.Equal(history.BestEpoch, checkpoint.SavedEpoch);
        Assert.NotEqual(12, checkpoint.SavedEpoch);
        var saved = Sequential.Load(folder.File("best.safetensors"));
        saved.Compile(new Sgd(), Loss.Huber());
        Assert.Equal(history.ValidationLoss.Min(), saved.Evaluate(X, Y)["loss"], 1e-12);
    }

    [Fact]
    public void Every_second_epoch_has_a_file_of_its_own()
    {
        using var folder = new TemporaryFolder();
        Compiled(0.1).Fit(X, Y, new FitOptions { Epochs = 5, Callbacks = [new ModelCheckpoint(folder.File("m-{epoch}.safetensors")) { BestOnly = false, Every = 2 }] });
        Assert.Equal(["m-2.safetensors", "m-4.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_graph_is_saved_as_well_and_any_model_by_code_of_one_s_own()
    {
        using var folder = new TemporaryFolder();
        var input = Node.Input(3);
        var graph = new Graph([input], [new Dense(1).Of(input)]);
        graph.Compile(new Sgd(0.1), Loss.MeanSquaredError);
        graph.Fit(X, Y, new FitOptions { Callbacks = [new ModelCheckpoint(folder.File("graph.safetensors"))] });
        Assert.Equal(graph.Predict(X).ToArray(), Graph.Load(folder.File("graph.safetensors")).Predict(X).ToArray());

        var saved = new List<string>();
        var custom = new Custom();
        custom.Compile(new Sgd(), Loss.MeanSquaredError);
        custom.Fit(X, Y, new FitOptions { Callbacks = [new ModelCheckpoint("m-{epoch}", (_, path) => saved.Add(path))] });
        Assert.Equal(["m-1"], saved);
    }

    [Fact]
    public void After_a_resume_only_what_is_better_than_before_the_cut_is_saved()
    {
        using var folder = new TemporaryFolder();
        var saved = new List<(string Run, int Epoch)>();
        FitOptions Options(string run, int epochs, bool resume = false)
        {
            ModelCheckpoint checkpoint = null!;
            checkpoint = new ModelCheckpoint("unused", (_, _) => saved.Add((run, checkpoint.SavedEpoch)));
            return new FitOptions
            {
                Epochs = epochs, BatchSize = 4, ValidationData = (X, Y), CheckpointPath = folder.File(run == "uncut" ? "a" : "b"), Resume = resume,
                Callbacks = [checkpoint],
            };
        }
        Compiled(0.7).Fit(X, Y, Options("uncut", 12));
        Compiled(0.7).Fit(X, Y, Options("cut", 6));
        Compiled(0.7).Fit(X, Y, Options("resumed", 12, resume: true));

        Assert.Equal(
            saved.Where(item => item.Run == "uncut").Select(item => item.Epoch), saved.Where(item => item.Run != "uncut").Select(item => item.Epoch));
        Assert.InRange(saved.Count(item => item.Run == "cut"), 2, 5);
    }

    [Fact]
    public void A_value_that_is_not_measured_or_a_model_that_is_not_saved_so_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("loss", Assert.Throws<InvalidOperationException>(() => Compiled(0.1).Fit(X, Y, new FitOptions
        {
            Callbacks = [new ModelCheckpoint(folder.File("m")) { Monitor = "val_accuracy" }],
        })).Message, StringComparison.Ordinal);
        Assert.Contains("Sequential", Assert.Throws<InvalidOperationException>(() =>
        {
            var custom = new Custom();
            custom.Compile(new Sgd(), Loss.MeanSquaredError);
            custom.Fit(X, Y, new FitOptions { Callbacks = [new ModelCheckpoint(folder.File("m"))] });
        }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelCheckpoint("m") { Every = 0 });
    }

    [Theory]
    [InlineData("m.safetensors")]
    [InlineData("m-{epoch}.safetensors")]
    public void A_folder_that_is_missing_is_told_of_before_training(string name)
    {
        using var folder = new TemporaryFolder();
        int batches = 0;
        FileWriteException error = Assert.Throws<FileWriteException>(() => Compiled(0.1).Fit(X, Y, new FitOptions
        {
            Callbacks = [new ModelCheckpoint(Path.Combine(folder.Path, "missing", name))], Progress = new Synchronous(_ => batches++),
        }));
        Assert.Contains("missing' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, batches);
    }

    private static Sequential Compiled(double rate)
    {
        var model = new Sequential(new Dense(1));
        model.Compile(new Sgd(rate), Loss.Huber());
        return model;
    }

    private sealed class Custom : Model
    {
        private readonly Dense _dense = new(1);

        public Custom() => Track(_dense);

        public override Tensor Forward(Pass pass, Tensor input) => _dense.Apply(pass, input);
    }
}
