using System.CommandLine;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="RunOptions"/>: where a run's results go, and how often what is needed to go on.</summary>
internal sealed class RunOptionSet
{
    private readonly Option<string?> _output;

    private readonly Option<bool> _overwrite = Opt.Flag("--overwrite", "Replace the run that the folder holds.");

    private readonly Option<bool> _resume = Opt.Flag("--resume", "Go on with the run that the folder holds, with the same data and options.");

    private readonly Option<int?> _checkpointEpochs = Opt.Value(
        "--checkpoint-epochs", "N", "Epochs from one checkpoint to the next.", "1", Values.Integer);

    private readonly Option<TimeSpan?> _checkpointInterval = Opt.Value(
        "--checkpoint-interval", "TIME", "Time after which a checkpoint is written within an epoch; 0s: after every batch.", "60s", Values.Duration);

    private readonly Option<int?> _gradientStatistics = Opt.Value(
        "--gradient-statistics", "N", "Every N batches the gradients of each layer go into events.jsonl.", "never", Values.Integer);

    /// <param name="command">The command that takes them; it refuses what does not go together.</param>
    /// <param name="defaultFolder">What help says of the folder where none is given.</param>
    public RunOptionSet(Command command, string defaultFolder)
    {
        _output = Opt.Reference("--output", "RUN", "The folder that receives model, report and pictures.", defaultFolder, Values.Text);
        foreach (Option option in (Option[])[_output, _overwrite, _resume, _checkpointEpochs, _checkpointInterval, _gradientStatistics])
        {
            command.Add(option);
        }
        command.Validators.Add(result =>
        {
            if (result.GetValue(_resume) && result.GetResult(_output) is null or { Implicit: true })
            {
                result.AddError($"{_resume.Name} needs {_output.Name}: the folder of the run to go on with.");
            }
        });
    }

    /// <summary>Options of a task's run with those that were given.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="purpose">What the default folder is named after, beside the first file.</param>
    public T Apply<T>(ParseResult result, T options, string purpose)
        where T : RunOptions => (T)(options with
        {
            Output = result.GetValue(_output) ?? DefaultRunFolder.Choose(options.Files[0], purpose),
            CheckpointEpochs = result.GetValue(_checkpointEpochs) ?? 1,
            CheckpointInterval = result.GetValue(_checkpointInterval) ?? TimeSpan.FromMinutes(1),
            GradientStatistics = result.GetValue(_gradientStatistics) ?? 0,
            Overwrite = result.GetValue(_overwrite),
            Resume = result.GetValue(_resume),
        });
}
