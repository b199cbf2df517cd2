namespace Engram.Tests.Losses;

/// <summary>A loss that takes logits behind a layer that makes probabilities is found when the model is compiled.</summary>
public sealed class LossFitTests
{
    private static readonly Loss[] OfLogits = [Loss.BinaryCrossEntropy(), Loss.CategoricalCrossEntropy(), Loss.SparseCategoricalCrossEntropy(), Loss.KullbackLeibler()];

    [Fact]
    public void Probabilities_are_refused_where_logits_are_taken()
    {
        var words = new Embedding(5, 3);
        Layer[][] chains =
        [
            [new Dense(3, Activation.Sigmoid)],
            [new Dense(4), new Dense(3, Activation.Softmax)],
            [new Dense(3), new ActivationLayer(Activation.Softmax)],
            [new Conv1D(3, 2, Activation.Sigmoid)],
            [words, new TiedDense(words, Activation.Softmax)],
        ];
        foreach (Sequential model in chains.Select(chain => new Sequential(chain)))
        {
            foreach (Loss loss in OfLogits)
            {
                string message = Assert.Throws<ArgumentException>(() => model.Compile(new Adam(), loss)).Message;
                Assert.Contains($"Layer {model.Layers[^1].Name} ({model.Layers[^1].Kind})", message, StringComparison.Ordinal);
                Assert.Contains(loss.Name, message, StringComparison.Ordinal);
                Assert.Contains("FromProbabilities = true", message, StringComparison.Ordinal);
                Assert.Null(model.Loss);
            }
        }
    }

    [Fact]
    public void What_fits_is_taken()
    {
        CrossEntropyOptions options = new() { FromProbabilities = true };
        foreach (Loss loss in (Loss[])[Loss.BinaryCrossEntropy(options), Loss.CategoricalCrossEntropy(options), Loss.KullbackLeibler(fromProbabilities: true), Loss.MeanSquaredError])
        {
            new Sequential(new Dense(3, Activation.Softmax)).Compile(new Adam(), loss);
        }
        foreach (Loss loss in OfLogits)
        {
            new Sequential(new Dense(3, Activation.Sigmoid), new Dense(3)).Compile(new Adam(), loss);
            new Sequential(new Dense(3, Activation.Tanh)).Compile(new Adam(), loss);
        }
    }

    [Fact]
    public void Each_output_of_a_graph_is_held_against_its_own_loss()
    {
        CrossEntropyOptions options = new() { FromProbabilities = true };
        Node x = Node.Input(3);
        var graph = new Graph([x], [new Dense(1).Of(x), new Dense(4, Activation.Softmax).Of(x)]);
        graph.Compile(new Adam(), [Loss.BinaryCrossEntropy(), Loss.CategoricalCrossEntropy(options)]);
        Assert.Contains("dense_1", Assert.Throws<ArgumentException>(
            () => graph.Compile(new Adam(), [Loss.BinaryCrossEntropy(), Loss.CategoricalCrossEntropy()])).Message, StringComparison.Ordinal);
        Assert.Contains("dense_1", Assert.Throws<ArgumentException>(() => graph.Compile(new Adam(), Loss.BinaryCrossEntropy())).Message, StringComparison.Ordinal);
    }
}
