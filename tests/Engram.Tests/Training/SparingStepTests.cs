using Engram.Training;

namespace Engram.Tests.Training;

/// <summary>What a step of training spares of memory changes no result: the slope in place of the logits, weights packed for once, transposes in place of what they are made of.</summary>
public sealed class SparingStepTests
{
    private const int Batch = 33, Steps = 9, Classes = 40; // 297 rows, more than are packed for once

    private static readonly Tensor _x = Ids("x"), _y = Ids("y");

    [Theory]
    [InlineData("plain")]
    [InlineData("tied")]
    [InlineData("smoothed")]
    [InlineData("penalized")]
    public void Fit_learns_what_a_loop_of_ones_own_does_to_the_bit(string kind)
    {
        Sequential fitted = Model(kind), looped = Model(kind);
        Sgd sgd = new(0.5) { ClipNorm = 1 };
        Loss loss = Loss.SparseCategoricalCrossEntropy(new CrossEntropyOptions { LabelSmoothing = kind == "smoothed" ? 0.1 : 0 });
        looped.Build(new Shape(Steps), seed: 3);

        fitted.Compile(new Sgd(0.5) { ClipNorm = 1 }, loss);
        fitted.Fit(_x, _y, new FitOptions { Epochs = 3, BatchSize = Batch, Shuffle = false, Seed = 3 });
        for (int step = 0; step < 3; step++)
        {
            looped.Run(pass =>
            {
                Tensor logits = looped.Forward(pass, pass.Input(_x));
                float[] before = logits.ToArray();
                Tensor total = loss.Apply(pass, logits, pass.Input(_y));
                foreach (Tensor penalty in pass.ActivityPenalties)
                {
                    total = pass.Add(total, penalty);
                }
                pass.Backward(total);
                Assert.Equal(before, logits.ToArray()); // whose loop it is may read them still
                return 0;
            }, training: true);
            sgd.Step(looped);
        }

        Assert.Equal(Weights(looped), Weights(fitted));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(70)]
    public void A_model_answers_the_same_after_a_way_back_that_changed_no_weights(int units)
    {
        Sequential model = new(new Lstm(units) { ReturnSequences = true }, new Lstm(units) { ReturnSequences = true }, new Gru(units), new Dense(3));
        model.Build(new Shape(Steps, units), seed: 1);
        Tensor x = Tensor.Normal(new RandomStream(2), 4, Steps, units);
        float[] before = model.Predict(x).ToArray();
        ModelStream stream = model.Stream();
        float[] first = new float[3], again = new float[3];
        stream.Step(x.ToArray().AsSpan(0, units), first);

        for (int walk = 0; walk < 2; walk++)
        {
            model.Run(pass =>
            {
                Tensor input = pass.Input(x);
                pass.Watch(input);
                pass.Backward(pass.Mean(model.Forward(pass, input)));
                return 0;
            }, training: true);
        }

        Assert.Equal(before, model.Predict(x).ToArray());
        stream.Reset();
        stream.Step(x.ToArray().AsSpan(0, units), again);
        Assert.Equal(first, again);
    }

    private static Sequential Model(string kind)
    {
        Embedding embedding = new(Classes, 6);
        return new Sequential(embedding, new Lstm(6) { ReturnSequences = true }, kind switch
        {
            "tied" => new TiedDense(embedding),
            "penalized" => new Dense(Classes) { ActivityRegularizer = Regularizer.L2(0.01) },
            _ => new Dense(Classes),
        });
    }

    private static Tensor Ids(string name) => Tensor.From(
        [.. Enumerable.Range(0, Batch * Steps).Select(i => (float)(int)(Classes * 0.9999 * new RandomStream(7).Derive(name).Uniform(i)))], Batch, Steps);

    private static float[] Weights(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];
}
