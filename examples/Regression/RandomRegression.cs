using System.Diagnostics;
using Engram.Plots;
using Engram.Training;

namespace Engram.Examples.Regression;

/// <summary>Section 5.2 line for line, and then the two ways in which it can be meant.</summary>
internal static class RandomRegression
{
    private const int BatchSize = 64;
    private const double LearningRate = 0.001;
    private const int Epochs = 100;

    public static void Run(string folder)
    {
        Directory.CreateDirectory(folder);

        // Seed
        var random = new RandomStream(seed: 0);

        // Training data
        Tensor x = Tensor.Normal(random.Derive("x"), BatchSize, 100, 1);
        Tensor y = Tensor.Normal(random.Derive("y"), BatchSize, 100, 1);

        // Model
        var model = new Sequential(
            new Lstm(64),
            new Dense(1));

        // Compile
        model.Compile(new Adam(LearningRate), Loss.MeanSquaredError);

        // Train
        Console.WriteLine($"1. The tutorial's shapes: x {x.Shape}, y {y.Shape}, LSTM(64), Dense(1)");
        try
        {
            model.Fit(x, y, new FitOptions { Epochs = Epochs, BatchSize = BatchSize, Seed = 0 });
        }
        catch (ShapeException mistake)
        {
            Console.WriteLine($"   {mistake.Message}");
        }
        Console.WriteLine(
            $"""
               A framework that broadcasts y instead can bring the loss from {MeanSquare(y):0.0000}, that of always answering 0,
               to {MeanSquareAroundRowMeans(y):0.0000}, that of the mean of each row's 100 random targets, and no further.

            """);

        // The first remedy: one target a sequence.
        Tensor yOfSequence = Tensor.Normal(random.Derive("y of a sequence"), BatchSize, 1);
        Console.WriteLine($"2. One target a sequence: y {yOfSequence.Shape}");
        History history = Train(model, x, yOfSequence);

        // Plot
        Charts.Loss(history.Loss, title: "MSE Loss", xLabel: "Epochs", yLabel: "Loss").Save(Path.Combine(folder, "loss.png"));

        // The second remedy: an answer at every step.
        var sequenceModel = new Sequential(
            new Lstm(64) { ReturnSequences = true },
            new Dense(1));
        sequenceModel.Compile(new Adam(LearningRate), Loss.MeanSquaredError);
        Console.WriteLine($"3. An answer at every step, ReturnSequences = true: y {y.Shape}");
        History sequenceHistory = Train(sequenceModel, x, y);
        Charts.Loss(sequenceHistory.Loss, title: "MSE Loss, return sequences", xLabel: "Epochs", yLabel: "Loss")
            .Save(Path.Combine(folder, "loss-return-sequences.png"));

        Console.WriteLine(
            """
            The targets are random: there is nothing in them to learn, they can only be memorised. So the loss falls on the
            numbers that were trained on, and on new numbers of the same kind it is worse than always answering 0.
            Pictures: loss.png, loss-return-sequences.png
            """);
    }

    private static History Train(Sequential model, Tensor x, Tensor y)
    {
        long start = Stopwatch.GetTimestamp();
        History history = model.Fit(x, y, new FitOptions { Epochs = Epochs, BatchSize = BatchSize, Seed = 0 });
        TimeSpan time = Stopwatch.GetElapsedTime(start);

        var unseen = new RandomStream(seed: 1);
        Tensor newX = Tensor.Normal(unseen.Derive("x"), x.Shape.ToArray()), newY = Tensor.Normal(unseen.Derive("y"), y.Shape.ToArray());
        Console.WriteLine(
            $"""
               {model.ParameterCount:#,0} weights, {history.Epochs.Count} epochs in {time.TotalSeconds:0.00} s
               loss on the data trained on: {history.Loss[0]:0.0000} at first, {history.Loss[^1]:0.0000} at the end
               loss on new random data:     {model.Evaluate(newX, newY)["loss"]:0.0000}; always answering 0 gives {MeanSquare(newY):0.0000}

            """);
        return history;
    }

    private static double MeanSquare(Tensor values) => values.ToArray().Average(value => (double)value * value);

    /// <summary>What is left where each row, [time, 1], is answered by its mean.</summary>
    private static double MeanSquareAroundRowMeans(Tensor rows) =>
        rows.ToArray().Chunk(rows.Shape[1]).Average(row => row.Average(value => Math.Pow(value - row.Average(), 2)));
}
