using System.Globalization;
using Engram.Tasks;
using Engram.Training;
using Spectre.Console;

namespace Engram.Cli.Output;

/// <summary>Shows training: a bar with loss and time left in a terminal, a few plain lines in a pipe, nothing where quiet.</summary>
internal static class TrainingProgress
{
    public static T Show<T>(Terminal terminal, Func<IProgress<TaskProgress>, T> work)
    {
        if (terminal.Quiet)
        {
            return work(new Silence());
        }
        if (!terminal.ShowsBars)
        {
            return work(new Lines(terminal));
        }
        return terminal.Progress.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Bar(context)));
    }

    private static string Describe(TaskStage stage) => stage switch
    {
        TaskStage.Reading => "Reading the data",
        TaskStage.Preparing => "Preparing the data",
        TaskStage.Scoring => "Scoring beside the baselines",
        TaskStage.Writing => "Writing results",
        TaskStage.Refitting => "Training once more on all data",
        _ => "Training",
    };

    private static string Describe(FitProgress fit)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"epoch {fit.Epoch}/{fit.Epochs}, loss {Numbers.Short(fit.Loss)}");
        return fit.ValidationLoss is { } validation ? $"{text}, validation {Numbers.Short(validation)}" : text;
    }

    private sealed class Silence : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value)
        {
        }
    }

    /// <summary>A line for each stage, and for about ten epochs of a training.</summary>
    private sealed class Lines(Terminal terminal) : IProgress<TaskProgress>
    {
        private TaskStage? _stage;
        private FitProgress? _fit;

        public void Report(TaskProgress value)
        {
            if (value.Stage != _stage)
            {
                _stage = value.Stage;
                terminal.Say(Describe(value.Stage));
            }
            _fit = value.Fit ?? _fit;
            if (value.Epoch is { } epoch && _fit is { } fit && (epoch.Epoch == 1 || epoch.Epoch == fit.Epochs || epoch.Epoch % Math.Max(1, fit.Epochs / 10) == 0))
            {
                terminal.Say("  " + Describe(fit with { Loss = epoch.Loss, ValidationLoss = epoch.ValidationLoss }));
            }
        }
    }

    /// <summary>A bar over all batches. Training that stops early ends before the bar does, so its time left is an upper bound.</summary>
    private sealed class Bar(ProgressContext context) : IProgress<TaskProgress>
    {
        private readonly ProgressTask _task = context.AddTask("Starting");
        private TaskStage? _stage;

        public void Report(TaskProgress value)
        {
            if (value.Stage != _stage)
            {
                _stage = value.Stage;
                _task.IsIndeterminate = value.Fit is null;
                _task.Value = 0;
                _task.Description = Describe(value.Stage);
            }
            if (value.Fit is { } fit)
            {
                _task.IsIndeterminate = false;
                // One more than there are: a bar that was full once would stay so while results are scored and written.
                _task.MaxValue = ((double)fit.Epochs * fit.Batches) + 1;
                _task.Value = ((fit.Epoch - 1.0) * fit.Batches) + fit.Batch;
                _task.Description = Describe(fit);
            }
        }
    }
}
