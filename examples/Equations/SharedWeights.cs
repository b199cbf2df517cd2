namespace Engram.Examples.Equations;

/// <summary>
/// Weights that the three gates and the candidate have in common, as in the worked example:
/// <code>
///   a = W x + U h + b
/// </code>
/// </summary>
/// <param name="Kernel">W, one row for each input.</param>
/// <param name="RecurrentKernel">U, one row for each unit of h.</param>
/// <param name="Bias">b, one number for each unit.</param>
internal sealed record SharedWeights(double[][] Kernel, double[][] RecurrentKernel, double[] Bias)
{
    public int Units => Bias.Length;

    /// <summary>Weights that take each number by itself: unit j sees x_j and h_j alone.</summary>
    public static SharedWeights ElementByElement(double[] kernel, double[] recurrentKernel, double[] bias) =>
        new(Diagonal(kernel), Diagonal(recurrentKernel), bias);

    /// <summary>Weights without products: a is what is given, whatever x and h are.</summary>
    public static SharedWeights Constant(int inputs, double[] preActivation) =>
        new(Zeros(inputs, preActivation.Length), Zeros(preActivation.Length, preActivation.Length), preActivation);

    /// <summary>W x.</summary>
    public double[] InputProduct(double[] x) => Product(x, Kernel);

    /// <summary>a = W x + U h + b.</summary>
    public double[] PreActivation(double[] x, double[] h)
    {
        double[] wx = InputProduct(x), uh = Product(h, RecurrentKernel);
        return [.. Enumerable.Range(0, Units).Select(unit => wx[unit] + uh[unit] + Bias[unit])];
    }

    private double[] Product(double[] vector, double[][] rows) =>
        [.. Enumerable.Range(0, Units).Select(unit => vector.Zip(rows, (value, row) => value * row[unit]).Sum())];

    private static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];

    private static double[][] Diagonal(double[] values)
    {
        double[][] rows = Zeros(values.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            rows[i][i] = values[i];
        }
        return rows;
    }
}
