namespace Engram.Examples.LongLag;

/// <summary>
/// A task of section 5 of «Long Short-Term Memory» (Hochreiter &amp; Schmidhuber 1997): one answer at the end of a sequence, about what
/// stood long before.
/// </summary>
internal abstract class LongLagTask
{
    /// <summary>Steps of the longest sequence.</summary>
    public const int MostSteps = 110;

    /// <summary>Steps of the shortest sequence.</summary>
    public const int LeastSteps = 100;

    public static IReadOnlyList<LongLagTask> All { get; } = [new AddingProblem(), new TemporalOrder()];

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Numbers at each step.</summary>
    public abstract int Features { get; }

    /// <summary>Numbers in the answer.</summary>
    public abstract int Outputs { get; }

    /// <summary>Training sequences that the paper's networks needed, on average.</summary>
    public abstract int PaperSequences { get; }

    /// <summary>A sequence is wrong where a number of the answer is off by more.</summary>
    public abstract double Tolerance { get; }

    /// <summary>The task is solved when the last sequences were all right, and their mean error is below this.</summary>
    public abstract double MeanError { get; }

    /// <summary>What the network's last layer does to its sums.</summary>
    public abstract Activation OutputActivation { get; }

    /// <summary>What is made small.</summary>
    public abstract Loss Loss { get; }

    /// <summary>How the network of a cell is trained on the task.</summary>
    public abstract Recipe RecipeFor(string cell);

    /// <summary>Draws a sequence.</summary>
    /// <param name="random">Where it is drawn from.</param>
    /// <param name="x">Receives the inputs [<see cref="MostSteps"/>, <see cref="Features"/>]; holds zeros.</param>
    /// <param name="target">Receives the answer [<see cref="Outputs"/>]; holds zeros.</param>
    /// <returns>Steps of the sequence.</returns>
    public abstract int Draw(RandomStream random, Span<float> x, Span<float> target);

    /// <summary>A whole number from <paramref name="from"/> up to, and without, <paramref name="to"/>.</summary>
    protected static int Between(RandomStream random, long index, int from, int to) => from + (int)(random.Uniform(index) * (to - from));
}
