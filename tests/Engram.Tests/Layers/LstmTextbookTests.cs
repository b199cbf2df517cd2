namespace Engram.Tests.Layers;

/// <summary>
/// One unit, one feature, two steps, by pocket calculator. All weights are 0.5 but for those of the candidate, which are 1; biases
/// are 0, the forget gate's 1. The sequence is 1, 2; state at the start h = 0.2, c = 0.4.
/// </summary>
public sealed class LstmTextbookTests
{
    //                                   i     f     g     o
    private static readonly float[] W = [0.5f, 0.5f, 1.0f, 0.5f];
    private static readonly float[] U = [0.5f, 0.5f, 1.0f, 0.5f];
    private static readonly float[] B = [0.0f, 1.0f, 0.0f, 0.0f];

    [Fact]
    public void Two_steps_follow_the_equations()
    {
        // Step 1, x = 1:                          W x + U h + b
        //   i = σ(0.5 + 0.1)      = σ(0.6)      = 0.645656
        //   f = σ(0.5 + 0.1 + 1)  = σ(1.6)      = 0.832018
        //   g = tanh(1 + 0.2)     = tanh(1.2)   = 0.833655
        //   o = σ(0.5 + 0.1)      = σ(0.6)      = 0.645656
        //   c = 0.832018·0.4 + 0.645656·0.833655 = 0.332807 + 0.538254 = 0.871062
        //   h = 0.645656 · tanh(0.871062)        = 0.645656 · 0.701913 = 0.453195
        // Step 2, x = 2:
        //   i = σ(1 + 0.226598)     = σ(1.226598)    = 0.773222
        //   f = σ(1 + 0.226598 + 1) = σ(2.226598)    = 0.902613
        //   g = tanh(2 + 0.453195)  = tanh(2.453195) = 0.985310
        //   o = σ(1 + 0.226598)     = σ(1.226598)    = 0.773222
        //   c = 0.902613·0.871062 + 0.773222·0.985310 = 0.786231 + 0.761864 = 1.548095
        //   h = 0.773222 · tanh(1.548095)             = 0.773222 · 0.913471 = 0.706316
        (float[] outputs, float h, float c) = Run(returnSequences: true);

        Assert.Equal(0.453195, outputs[0], 1e-6);
        Assert.Equal(0.706316, outputs[1], 1e-6);
        Assert.Equal(0.706316, h, 1e-6);
        Assert.Equal(1.548095, c, 1e-6);
    }

    [Fact]
    public void Without_sequences_the_last_step_is_returned()
    {
        (float[] outputs, float h, _) = Run(returnSequences: false);

        Assert.Equal(h, Assert.Single(outputs));
    }

    private static (float[] Outputs, float Hidden, float Cell) Run(bool returnSequences)
    {
        var layer = new Lstm(1) { ReturnSequences = returnSequences };
        var model = new Sequential(layer);
        model.Build(new Shape(2, 1));
        layer.Parameters[0].Set(W);
        layer.Parameters[1].Set(U);
        layer.Parameters[2].Set(B);
        return model.Run(pass =>
        {
            var start = new LstmState(Tensor.From([0.2f], 1, 1), Tensor.From([0.4f], 1, 1));
            (Tensor output, LstmState end) = layer.Apply(pass, Tensor.From([1f, 2f], 1, 2, 1), start);
            return (output.ToArray(), end.Hidden.ToScalar(), end.Cell.ToScalar());
        });
    }
}
