using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>
/// What it saves that ids which stand more than once in a batch are multiplied once: Embedding(10,000), LSTM, the last step into Dense(1), 32 × 100 ids of which a share is
/// different: a training step with Adam, and inference, beside the same with every step multiplied (<see cref="Pass.Watch"/> asks for that), in turn, best of the rounds. 1.3 takes 30% longer step by step.
/// </summary>
internal static class RepeatComparison
{
    private const int Batch = 32, Steps = 100, Vocabulary = 10_000, Rounds = 60;

    private static readonly double[] _shares = [1, 0.4, 0.33, 0.25, 0.1, 0.02];

    public static void Run(Device device)
    {
        foreach (int units in (int[])[32, 64, 128])
        {
            var embedding = new Embedding(Vocabulary, units);
            var model = new Sequential(embedding, new Lstm(units), new Dense(1)) { Device = device };
            model.Build(new Shape(Steps));
            var adam = new Adam(1e-6); // what is timed stays the same network
            Console.WriteLine(FormattableString.Invariant($"{units + " units, different ids",-24} {"train ms",10} {"step by step",14} {"ratio",7} {"infer ms",10} {"step by step",14} {"ratio",7}"));
            foreach (double share in _shares)
            {
                Tensor ids = Ids(share);
                (double once, double each) = Compare(model, ids, adam);
                (double onceInferred, double eachInferred) = Compare(model, ids, optimizer: null);
                Console.WriteLine(FormattableString.Invariant(
                    $"{share,24:P0} {once,10:F3} {each,14:F3} {each / once,7:F2} {onceInferred,10:F3} {eachInferred,14:F3} {eachInferred / onceInferred,7:F2}"));
            }
        }
    }

    private static (double Once, double StepByStep) Compare(Sequential model, Tensor ids, Optimizer? optimizer)
    {
        (double once, double each) = (double.PositiveInfinity, double.PositiveInfinity);
        for (int round = 0; round < 2 * Rounds; round++)
        {
            // The first half is warming up.
            (double now, double eachNow) = (Time(model, ids, optimizer, stepByStep: false), Time(model, ids, optimizer, stepByStep: true));
            (once, each) = round < Rounds ? (once, each) : (Math.Min(once, now), Math.Min(each, eachNow));
        }
        return (once, each);
    }

    /// <summary>Every different id as often as the others, in an order drawn at random.</summary>
    private static Tensor Ids(double share)
    {
        int different = (int)(share * Batch * Steps);
        var random = new RandomStream(different);
        int[] places = [.. Enumerable.Range(0, Batch * Steps).OrderBy(i => random.Bits(i))];
        return Tensor.From([.. places.Select(place => (float)(place % different * 3))], Batch, Steps);
    }

    private static double Time(Sequential model, Tensor ids, Optimizer? optimizer, bool stepByStep)
    {
        long start = Stopwatch.GetTimestamp();
        model.Run(
            pass =>
            {
                Tensor embedded = model.Layers[0].Apply(pass, ids);
                if (stepByStep)
                {
                    pass.Watch(embedded);
                }
                Tensor output = model.Layers[2].Apply(pass, model.Layers[1].Apply(pass, embedded));
                if (optimizer is not null)
                {
                    pass.Backward(pass.Sum(output));
                }
                return 0;
            },
            training: optimizer is not null);
        optimizer?.Step(model);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
