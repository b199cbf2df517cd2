using Engram.Examples.LongLag;

namespace Engram.Examples.Tests.LongLag;

public sealed class LongLagTests
{
    private const int Drawn = 500;

    public static TheoryData<string, string, int> Runs()
    {
        var runs = new TheoryData<string, string, int>();
        foreach (string task in (string[])["adding", "order"])
        {
            foreach (string cell in (string[])["lstm", "gru"])
            {
                for (int seed = 0; seed < 3; seed++)
                {
                    runs.Add(task, cell, seed);
                }
            }
        }
        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_task_is_learned_in_fewer_sequences_than_the_paper_needed(string name, string cell, int seed)
    {
        LongLagTask task = Task(name);

        LongLagResult result = LongLagTraining.Run(task, cell, seed);

        Assert.NotNull(result.Sequences);
        Assert.InRange(result.Sequences.Value, 2000, task.PaperSequences - 1);
        Assert.InRange(result.Wrong, 0, LongLagResult.TestSequences / 100);
    }

    [Fact]
    public void The_adding_problem_marks_two_values_and_asks_for_their_sum()
    {
        float[] x = new float[LongLagTask.MostSteps * 2], target = new float[1];
        for (int i = 0; i < Drawn; i++)
        {
            Array.Clear(x);
            int steps = Task("adding").Draw(new RandomStream(i), x, target);

            int[] marked = [.. Enumerable.Range(0, steps).Where(t => x[2 * t + 1] == 1)];
            Assert.InRange(steps, 100, 110);
            Assert.Equal(2, marked.Length);
            Assert.True(marked[0] < 10 && marked[1] < 49);
            Assert.All(Enumerable.Range(0, steps).Except(marked), t => Assert.Equal(t == 0 || t == steps - 1 ? -1 : 0, x[2 * t + 1]));
            Assert.All(Enumerable.Range(0, steps), t => Assert.InRange(x[2 * t], -1, 1));
            Assert.Equal(0.5 + (x[2 * marked[0]] + x[2 * marked[1]]) / 4, target[0], 1e-6);
            Assert.All(x.Skip(2 * steps), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Temporal_order_asks_for_the_order_of_two_symbols()
    {
        float[] x = new float[LongLagTask.MostSteps * 8], target = new float[4];
        int[] classes = new int[4];
        for (int i = 0; i < Drawn; i++)
        {
            Array.Clear(x);
            Array.Clear(target);
            int steps = Task("order").Draw(new RandomStream(i), x, target);

            string symbols = string.Concat(x.Chunk(8).Take(steps).Select(step => "abcdXYEB"[Array.IndexOf(step, 1f)]));
            Assert.InRange(steps, 100, 110);
            Assert.Matches("^E[abcd]{9,19}[XY][abcd]{29,49}[XY][abcd]+B$", symbols);
            Assert.InRange(symbols.IndexOfAny(['X', 'Y']), 10, 20);
            Assert.InRange(symbols.LastIndexOfAny(['X', 'Y']), 50, 60);
            int kind = Array.IndexOf(["XX", "XY", "YX", "YY"], string.Concat(symbols.Where(symbol => symbol is 'X' or 'Y')));
            Assert.Equal(1, target[kind]);
            Assert.Equal(1, target.Sum());
            Assert.Equal(steps, x.Sum());
            classes[kind]++;
        }
        Assert.All(classes, count => Assert.InRange(count, Drawn / 6, Drawn / 3));
    }

    [Fact]
    public void A_task_is_solved_after_two_thousand_right_answers_in_a_row_with_a_small_mean_error()
    {
        var window = new SuccessWindow(Task("adding"));
        Add(window, 1999, 0.005f);
        Assert.False(window.IsSolved);
        Add(window, 1, 0.05f);
        Assert.Equal(0, window.RightInARow);
        Add(window, 1999, 0.02f);
        Assert.False(window.IsSolved);
        Add(window, 1, 0.02f);
        Assert.Equal(0.02, window.MeanError, 1e-6);
        Assert.False(window.IsSolved); // all right, but .02 on average
        Add(window, 1100, 0.001f);
        Assert.Equal(0.45 * 0.02 + 0.55 * 0.001, window.MeanError, 1e-6);
        Assert.True(window.IsSolved);
        Add(window, 1, float.NaN);
        Assert.False(window.IsSolved);
    }

    private static void Add(SuccessWindow window, int count, float error)
    {
        for (int i = 0; i < count; i++)
        {
            window.Add([0.5f + error], [0.5f]);
        }
    }

    private static LongLagTask Task(string name) => LongLagTask.All.Single(task => task.Name == name);
}
