namespace Engram.Examples.LongLag;

/// <summary>
/// The adding problem (task 4, T = 100). Each step is a value in [−1, 1] and a marker. Two values are marked with 1: one of the first ten, and
/// another of the first T/2 − 1. The first and the last marker are −1 where they do not mark, all others 0; a marked first value is 0.
/// The answer is <c>½ + (X₁ + X₂) / 4</c>.
/// </summary>
internal sealed class AddingProblem : LongLagTask
{
    private const int T = LeastSteps;

    public override string Name => "adding";

    public override int Features => 2;

    public override int Outputs => 1;

    public override int PaperSequences => 74_000;

    public override double Tolerance => 0.04;

    public override double MeanError => 0.01;

    public override Activation OutputActivation => Activation.Linear;

    public override Loss Loss => Loss.MeanSquaredError;

    public override Recipe RecipeFor(string cell) => cell == "gru"
        ? new(Units: 16, BatchSize: 4, LearningRate: 0.01, MemoryBias: 5)
        : new(Units: 16, BatchSize: 2, LearningRate: 0.005, MemoryBias: 5, InputBias: -2);

    public override int Draw(RandomStream random, Span<float> x, Span<float> target)
    {
        int steps = Between(random, 0, LeastSteps, MostSteps + 1);
        int first = Between(random, 1, 0, 10);
        int second = Between(random, 2, 0, T / 2 - 2);
        second += second >= first ? 1 : 0;
        RandomStream values = random.Derive("values");
        for (int t = 0; t < steps; t++)
        {
            bool isMarked = t == first || t == second;
            x[2 * t] = t == 0 && isMarked ? 0 : 2 * values.Uniform(t) - 1;
            x[2 * t + 1] = isMarked ? 1 : t == 0 || t == steps - 1 ? -1 : 0;
        }
        target[0] = 0.5f + (x[2 * first] + x[2 * second]) / 4;
        return steps;
    }
}
