namespace Engram.Examples.Equations;

/// <summary>The same steps by the library's <see cref="Lstm"/>, from h₀ and C₀ and with the weights of the example.</summary>
/// <param name="Hidden">h after each step.</param>
/// <param name="Cell">C after the last step.</param>
internal sealed record LayerWalk(double[][] Hidden, double[] Cell)
{
    public static LayerWalk Over(SharedWeights weights, params IReadOnlyList<double[]> sequence)
    {
        int steps = sequence.Count, features = sequence[0].Length, units = weights.Units;
        var lstm = new Lstm(units) { ReturnSequences = true };
        var model = new Sequential(lstm);
        model.Build(new Shape(steps, features));

        // The columns of the layer's weights are four blocks, one for each of i, f, g, o. Here all four are the same.
        Parameter kernel = lstm.Parameters[0], recurrentKernel = lstm.Parameters[1], bias = lstm.Parameters[2];
        kernel.Set(FourTimes(weights.Kernel));
        recurrentKernel.Set(FourTimes(weights.RecurrentKernel));
        bias.Set(FourTimes([weights.Bias]));

        Tensor x = Tensor.From(Floats(sequence), 1, steps, features);
        var initial = new LstmState(
            Tensor.From(Floats([WorkedExample.Hidden]), 1, units),
            Tensor.From(Floats([WorkedExample.Cell]), 1, units));
        return model.Run(pass =>
        {
            (Tensor output, LstmState last) = lstm.Apply(pass, x, initial);
            double[][] hidden = [.. output.ToArray().Chunk(units).Select(Doubles)];
            return new LayerWalk(hidden, Doubles(last.Cell.ToArray()));
        });
    }

    private static float[] FourTimes(double[][] rows) => Floats([.. rows.Select(row => (double[])[.. row, .. row, .. row, .. row])]);

    private static float[] Floats(IReadOnlyList<double[]> rows) => [.. rows.SelectMany(row => row).Select(value => (float)value)];

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];
}
