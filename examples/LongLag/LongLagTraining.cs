using System.Diagnostics;

namespace Engram.Examples.LongLag;

/// <summary>
/// Trains on sequences that are each seen once, until the paper's criterion is met. Every sequence is judged before the network learns from it.
/// </summary>
internal sealed class LongLagTraining
{
    private readonly LongLagTask _task;
    private readonly Recipe _recipe;
    private readonly RandomStream _random;
    private readonly float[] _x;
    private readonly float[] _targets;
    private readonly int[] _lengths;

    private LongLagTraining(LongLagTask task, Recipe recipe, long seed)
    {
        (_task, _recipe, _random) = (task, recipe, new RandomStream(seed));
        _x = new float[recipe.BatchSize * LongLagTask.MostSteps * task.Features];
        _targets = new float[recipe.BatchSize * task.Outputs];
        _lengths = new int[recipe.BatchSize];
    }

    /// <summary>Trains one network.</summary>
    /// <param name="task">What it must learn.</param>
    /// <param name="cell">lstm, gru or rnn.</param>
    /// <param name="seed">Where weights and sequences are drawn from.</param>
    public static LongLagResult Run(LongLagTask task, string cell, long seed) =>
        new LongLagTraining(task, task.RecipeFor(cell), seed).Run(cell, seed);

    private LongLagResult Run(string cell, long seed)
    {
        long start = Stopwatch.GetTimestamp();
        Sequential model = _recipe.Build(_task, cell, seed);
        var adam = new Adam(_recipe.LearningRate) { ClipNorm = Recipe.ClipNorm };
        var window = new SuccessWindow(_task);
        RandomStream training = _random.Derive("training");
        while (window.Sequences + _recipe.BatchSize < _task.PaperSequences && !window.IsSolved)
        {
            adam.LearningRate = _recipe.LearningRate * (1 + Math.Cos(Math.PI * window.Sequences / _task.PaperSequences)) / 2;
            Draw(training, window.Sequences);
            float[] answers = model.Run(
                pass =>
                {
                    Tensor answer = model.Forward(pass, Inputs(pass));
                    pass.Backward(_task.Loss.Apply(pass, answer, pass.Input(_targets, new Shape(_recipe.BatchSize, _task.Outputs))));
                    return answer.ToArray();
                },
                training: true);
            adam.Step(model);
            Judge(answers, window.Add);
        }
        int? sequences = window.IsSolved ? window.Sequences : null;
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        return new LongLagResult(sequences, CountWrong(model), model.ParameterCount, time);
    }

    /// <summary>How many of 2,560 new sequences the network gets wrong.</summary>
    private int CountWrong(Model model)
    {
        RandomStream test = _random.Derive("test");
        int wrong = 0;
        for (int first = 0; first < LongLagResult.TestSequences; first += _recipe.BatchSize)
        {
            Draw(test, first);
            Judge(
                model.Run(pass => model.Forward(pass, Inputs(pass)).ToArray()),
                (answer, target) => wrong += SuccessWindow.ErrorOf(answer, target).Worst > _task.Tolerance ? 1 : 0);
        }
        return wrong;
    }

    private void Draw(RandomStream random, int first)
    {
        Array.Clear(_x);
        Array.Clear(_targets);
        int size = _x.Length / _recipe.BatchSize;
        for (int row = 0; row < _recipe.BatchSize; row++)
        {
            _lengths[row] = _task.Draw(random.Derive(first + row), _x.AsSpan(row * size, size), _targets.AsSpan(row * _task.Outputs, _task.Outputs));
        }
    }

    private Tensor Inputs(Pass pass) => pass.Masked(
        pass.Input(_x, new Shape(_recipe.BatchSize, LongLagTask.MostSteps, _task.Features)), SequenceMask.FromLengths(_lengths, LongLagTask.MostSteps));

    private void Judge(float[] answers, Action<ReadOnlySpan<float>, ReadOnlySpan<float>> judge)
    {
        for (int row = 0; row < _recipe.BatchSize; row++)
        {
            judge(answers.AsSpan(row * _task.Outputs, _task.Outputs), _targets.AsSpan(row * _task.Outputs, _task.Outputs));
        }
    }
}

/// <summary>What came of a training.</summary>
/// <param name="Sequences">Training sequences until the criterion was met; null where it was not within the paper's number.</param>
/// <param name="Wrong">Wrong answers to <see cref="TestSequences"/> new sequences.</param>
/// <param name="Weights">Weights of the network.</param>
/// <param name="Time">Time of training.</param>
internal sealed record LongLagResult(int? Sequences, int Wrong, long Weights, TimeSpan Time)
{
    /// <summary>Sequences of a test, as in the paper.</summary>
    public const int TestSequences = 2560;
}
