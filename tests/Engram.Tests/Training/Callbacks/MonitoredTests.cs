using Engram.Training;
using static Engram.Tests.Training.SmallTraining;

namespace Engram.Tests.Training.Callbacks;

/// <summary>What is watched is known to be measured before training begins.</summary>
public sealed class MonitoredTests
{
    public static TheoryData<string, bool, bool> Names => new()
    {
        { "loss", false, true }, { "loss", true, true }, { "val_loss", false, false }, { "val_loss", true, true }, { "mean_absolute_error", true, false },
        { "val_mean_absolute_error", true, true }, { "val_mean_absolute_error", false, false }, { "val_accuracy", true, false }, { "val_dense_loss", true, false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_that_cannot_be_measured_is_refused_before_training(string name, bool validates, bool exists)
    {
        foreach (Callback callback in (Callback[])[new EarlyStopping { Monitor = name }, new ModelCheckpoint("unused", (_, _) => { }) { Monitor = name }])
        {
            Sequential model = Compiled();
            model.Compile(model.Optimizer!, Loss.MeanSquaredError, Metric.MeanAbsoluteError);
            Expect(exists, name, options => model.Fit(X, Y, options), validates ? new ArraySource(X, Y) : null, callback);
        }
    }

    [Theory]
    [InlineData("val_dense_loss", true)]
    [InlineData("val_dense_1_mean_absolute_error", true)]
    [InlineData("val_loss", true)]
    [InlineData("val_mean_absolute_error", false)]
    [InlineData("dense_loss", false)]
    public void Each_output_of_a_graph_has_values_of_its_own(string name, bool exists)
    {
        var input = Node.Input(6, 2);
        Node shared = new Lstm(3).Of(input);
        var graph = new Graph([input], [new Dense(1).Of(shared), new Dense(1).Of(shared)]);
        graph.Compile(new Adam(), Loss.MeanSquaredError, Metric.MeanAbsoluteError);
        ISampleSource samples = Graph.Samples([X], [Y, Y]);
        Expect(exists, name, options => graph.Fit(samples, options), samples, new EarlyStopping { Monitor = name });
    }

    private static void Expect(bool exists, string name, Action<FitOptions> fit, ISampleSource? validation, Callback callback)
    {
        int batches = 0;
        var options = new FitOptions { ValidationSource = validation, Callbacks = [callback], Progress = new Synchronous(_ => batches++) };
        if (exists)
        {
            fit(options);
            return;
        }
        string message = Assert.Throws<InvalidOperationException>(() => fit(options)).Message;
        Assert.Contains($"«{name}», which is not measured. Measured are: loss", message, StringComparison.Ordinal);
        Assert.Equal(0, batches);
    }
}
