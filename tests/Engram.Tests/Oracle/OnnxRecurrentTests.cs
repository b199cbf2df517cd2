namespace Engram.Tests.Oracle;

/// <summary>The oracle itself, held against cases worked by hand: whatever is tested with it must be able to rely on it.</summary>
public sealed class OnnxRecurrentTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void Lstm_of_one_unit()
    {
        // i = σ(1·0.5 + 0.1), f = σ(2·0.5 + 0.2), g = tanh(3·0.5 + 0.3), o = σ(4·0.5 + 0.4) with h = 0 and c = 0.25 before:
        // c' = 0.768525·0.25 + 0.645656·0.946806 = 0.803442; h' = 0.916827·tanh(0.803442) = 0.610567.
        var weights = new OnnxWeights(1, 1, [1, 2, 3, 4], [9, 9, 9, 9], [0.1f, 0.2f, 0.3f, 0.4f], InitialHidden: [0], InitialCell: [0.25f]);

        OnnxResult result = One(OnnxCell.Lstm, [0.5f], weights);

        Assert.Equal(0.803442, result.FinalCell[0], Tolerance);
        Assert.Equal(0.610567, result.FinalHidden[0], Tolerance);
        Assert.Equal(result.FinalHidden, result.Output);
    }

    [Fact]
    public void Peepholes_see_the_old_cell_state_and_the_output_gate_the_new()
    {
        // As above with p = 1, -1, 0.5: i = σ(0.6 + 0.25) = 0.700567, f = σ(1.2 − 0.25) = 0.721115,
        // c' = 0.721115·0.25 + 0.700567·0.946806 = 0.843580; o = σ(2.4 + 0.421790) = 0.943842; h' = 0.943842·tanh(0.843580) = 0.649081.
        var weights = new OnnxWeights(
            1, 1, [1, 2, 3, 4], [9, 9, 9, 9], [0.1f, 0.2f, 0.3f, 0.4f], Peepholes: [1, -1, 0.5f], InitialHidden: [0], InitialCell: [0.25f]);

        OnnxResult result = One(OnnxCell.Lstm, [0.5f], weights);

        Assert.Equal(0.843580, result.FinalCell[0], Tolerance);
        Assert.Equal(0.649081, result.FinalHidden[0], Tolerance);
    }

    [Fact]
    public void Coupled_gates_forget_what_is_let_in()
    {
        // c' = (1 − 0.645656)·0.25 + 0.645656·0.946806 = 0.699897; h' = 0.916827·tanh(0.699897) = 0.554041.
        var weights = new OnnxWeights(1, 1, [1, 3, 4], [9, 9, 9], [0.1f, 0.3f, 0.4f], InitialHidden: [0], InitialCell: [0.25f]);

        OnnxResult result = One(OnnxCell.CoupledLstm, [0.5f], weights);

        Assert.Equal(0.699897, result.FinalCell[0], Tolerance);
        Assert.Equal(0.554041, result.FinalHidden[0], Tolerance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gru_of_two_units_resets_after_or_before_the_product(bool after)
    {
        // Unit 0 has r = σ(0), unit 1 has r = σ(1); z = ½; U_n h mixes the units: what is reset before the product is another sum.
        double r0 = 0.5, r1 = 1 / (1 + Math.Exp(-1)), h0 = 0.8, h1 = -0.6, m = after ? 0.4 : 0;
        double n0 = Math.Tanh(0.1 + (after ? r0 * (0.3 * h0 + 0.5 * h1 + m) : 0.3 * r0 * h0 + 0.5 * r1 * h1));
        double n1 = Math.Tanh(0.2 + (after ? r1 * (0.7 * h0 + 0.9 * h1 + m) : 0.7 * r0 * h0 + 0.9 * r1 * h1));
        float[] recurrent = [0, 0, 0, 0, 0.3f, 0.7f, 0, 0, 0, 0, 0.5f, 0.9f];
        float[] bias = [0, 0, 0, 1, 0.1f, 0.2f];
        var weights = new OnnxWeights(1, 2, new float[6], recurrent, after ? [.. bias, 0.4f, 0.4f] : bias, InitialHidden: [0.8f, -0.6f]);

        OnnxResult result = One(after ? OnnxCell.Gru : OnnxCell.GruResetBefore, [1], weights);

        Assert.Equal(0.5 * n0 + 0.5 * h0, result.FinalHidden[0], Tolerance);
        Assert.Equal(0.5 * n1 + 0.5 * h1, result.FinalHidden[1], Tolerance);
    }

    [Theory]
    [InlineData(-0.5f, -0.309507f, 0f)] // tanh(2·(−0.5) + 3·0.2 + 0.08) = tanh(−0.32)
    [InlineData(0.5f, 0.932862f, 1.68f)]
    public void Rnn_of_one_unit(float x, float tanh, float relu)
    {
        var weights = new OnnxWeights(1, 1, [2], [3], [0.08f], InitialHidden: [0.2f]);

        Assert.Equal(tanh, One(OnnxCell.TanhRnn, [x], weights).FinalHidden[0], Tolerance);
        Assert.Equal(relu, One(OnnxCell.ReluRnn, [x], weights).FinalHidden[0], Tolerance);
    }

    [Fact]
    public void Past_the_end_of_a_sequence_outputs_are_zero_and_the_reverse_direction_begins_at_its_end()
    {
        // h' = max(0, x + 2 h): of 1, 2 | 9 forward 1, 4; backward 2, then 1 + 4 = 5. A sequence without steps gives zeros.
        var weights = new OnnxWeights(1, 1, [1], [2], [0]);

        OnnxResult[] result = OnnxRecurrent.Run(OnnxCell.ReluRnn, "bidirectional", [1, 2, 9, 7, 7, 7], batch: 2, time: 3, [2, 0], clip: null, weights, weights);

        Assert.Equal([1, 4, 0, 0, 0, 0], result[0].Output);
        Assert.Equal([4, 0], result[0].FinalHidden);
        Assert.Equal([5, 2, 0, 0, 0, 0], result[1].Output);
        Assert.Equal([5, 0], result[1].FinalHidden);
    }

    private static OnnxResult One(OnnxCell cell, float[] x, OnnxWeights weights) =>
        Assert.Single(OnnxRecurrent.Run(cell, "forward", x, batch: 1, time: 1, lengths: null, clip: null, weights));
}
