namespace Engram.Workloads;

/// <summary>
/// Floating-point operations of layers over so many rows and steps. Counted are the multiplications and additions of matrix products, which every implementation has to do:
/// <code>
///   product of [m, k] and [k, n]                        2 m k n
///   LSTM of x inputs and n units, forward, a step       2 · 4n (x + n)          W x + U h, four gates
///     gradient of the weights                           2 · 4n (x + n)          δ [x, h]ᵀ
///     gradient of the state before                      2 · 4n · n              Uᵀ δ
///     gradient of the input                             2 · 4n · x              Wᵀ δ
///   dense layer of x inputs and n outputs, a row        2 x n, and each of its two gradients as much
/// </code>
/// Not counted is what is done once for each element: cells, losses, the optimizer, looking up rows of a table. So the fraction of the peak that follows is a lower bound.
/// </summary>
internal static class OperationCount
{
    public static double Product(double m, double k, double n) => 2 * m * k * n;

    /// <param name="steps">Steps of all sequences together: batch × time.</param>
    /// <param name="inputs">x.</param>
    /// <param name="units">n.</param>
    public static double LstmForward(double steps, int inputs, int units) => Product(steps, inputs + units, 4 * units);

    /// <inheritdoc cref="LstmForward"/>
    public static double LstmBackward(double steps, int inputs, int units, bool inputGradient) =>
        Product(steps, inputs + units, 4 * units) + Product(steps, units, 4 * units) + (inputGradient ? Product(steps, inputs, 4 * units) : 0);

    /// <summary>Forward and backward.</summary>
    /// <inheritdoc cref="LstmForward"/>
    public static double LstmTraining(double steps, int inputs, int units, bool inputGradient) =>
        LstmForward(steps, inputs, units) + LstmBackward(steps, inputs, units, inputGradient);

    /// <summary>Forward, gradient of the weights, gradient of the input.</summary>
    public static double DenseTraining(double rows, int inputs, int outputs) => 3 * Product(rows, inputs, outputs);
}
