namespace Engram.Examples.LongLag;

/// <summary>
/// Temporal order with two symbols (task 6a). A sequence of symbols, each one-hot out of eight, begins with E, ends with B and is filled with
/// a, b, c, d drawn at random, but for two places, t₁ in 10 … 20 and t₂ in 50 … 60, where X or Y stands. The answer is which of four
/// classes the order of these two belongs to: XX, XY, YX, YY.
/// </summary>
internal sealed class TemporalOrder : LongLagTask
{
    // a, b, c, d are 0 to 3.
    private const int X = 4, E = 6, B = 7;

    public override string Name => "order";

    public override int Features => 8;

    public override int Outputs => 4;

    public override int PaperSequences => 31_390;

    public override double Tolerance => 0.3;

    public override double MeanError => 0.1;

    public override Activation OutputActivation => Activation.Softmax;

    public override Loss Loss => Loss.CategoricalCrossEntropy();

    public override Recipe RecipeFor(string cell) => cell == "gru"
        ? new(Units: 8, BatchSize: 1, LearningRate: 0.01, MemoryBias: 5)
        : new(Units: 8, BatchSize: 1, LearningRate: 0.01, MemoryBias: 5, InputBias: -2);

    public override int Draw(RandomStream random, Span<float> x, Span<float> target)
    {
        int steps = Between(random, 0, LeastSteps, MostSteps + 1);
        int first = Between(random, 1, 10, 21), second = Between(random, 2, 50, 61);
        int firstSymbol = Between(random, 3, 0, 2), secondSymbol = Between(random, 4, 0, 2);
        RandomStream fill = random.Derive("fill");
        for (int t = 0; t < steps; t++)
        {
            int symbol = t == 0 ? E
                : t == steps - 1 ? B
                : t == first ? X + firstSymbol
                : t == second ? X + secondSymbol
                : Between(fill, t, 0, 4);
            x[t * Features + symbol] = 1;
        }
        target[2 * firstSymbol + secondSymbol] = 1;
        return steps;
    }
}
