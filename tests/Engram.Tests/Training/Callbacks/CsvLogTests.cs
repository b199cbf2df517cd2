using System.Globalization;
using Engram.Training;

namespace Engram.Tests.Training.Callbacks;

public sealed class CsvLogTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 20, 3), Y = Tensor.Normal(new RandomStream(2), 20, 1);

    [Fact]
    public void There_is_a_row_for_every_epoch_with_every_value()
    {
        using var folder = new TemporaryFolder();
        History history = Compiled().Fit(X, Y, new FitOptions { Epochs = 3, ValidationData = (X, Y), Callbacks = [new CsvLog(folder.File("log.csv"))] });
        string[] lines = File.ReadAllLines(folder.File("log.csv"));
        Assert.Equal("epoch,loss,val_loss,penalty,val_mean_absolute_error,learning_rate,seconds", lines[0]);
        Assert.Equal(4, lines.Length);
        for (int i = 0; i < 3; i++)
        {
            string[] fields = lines[i + 1].Split(',');
            EpochResult epoch = history.Epochs[i];
            double[] expected = [epoch.Epoch, epoch.Loss, epoch.ValidationLoss!.Value, epoch.Values["penalty"], epoch.Values["val_mean_absolute_error"], 0.1];
            Assert.Equal(expected, fields[..6].Select(field => double.Parse(field, CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void A_resumed_run_has_no_row_twice()
    {
        using var folder = new TemporaryFolder();
        FitOptions Options(int epochs) => new()
        {
            Epochs = epochs, CheckpointPath = folder.File("c"), Resume = epochs > 2, Callbacks = [new CsvLog(folder.File("log.csv"))],
        };
        Compiled().Fit(X, Y, Options(2));
        File.AppendAllText(folder.File("log.csv"), "what a crash left\n");
        Compiled().Fit(X, Y, Options(5));
        string[] lines = File.ReadAllLines(folder.File("log.csv"));
        Assert.Equal(["epoch", "1", "2", "3", "4", "5"], lines.Select(line => line.Split(',')[0]));
        Assert.All(lines.Skip(1), line => Assert.Equal("", line.Split(',')[2]));
    }

    private static Sequential Compiled()
    {
        var model = new Sequential(new Dense(1) { KernelRegularizer = Regularizer.L2(0.01) });
        model.Compile(new Sgd(0.1), Loss.MeanSquaredError, Metric.MeanAbsoluteError);
        return model;
    }
}
