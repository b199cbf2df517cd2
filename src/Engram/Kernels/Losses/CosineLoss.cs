using System.Numerics;

namespace Engram.Kernels.Losses;

/// <summary>
/// One less the cosine between a row p and its target t, in 0 … 2:
/// <code>
///   L = 1 − c,   c = p·t / (‖p‖ ‖t‖),   dL/dpₖ = (c pₖ / ‖p‖ − tₖ / ‖t‖) / ‖p‖
/// </code>
/// A row, or target, that is shorter than 1e-12 has no direction: c is 0 there, and so is the gradient.
/// </summary>
internal readonly unsafe struct CosineLoss<T>(int columns) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Shortest = 1e-12;

    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        double product = 0, squaresP = 0, squaresT = 0;
        for (int k = 0; k < columns; k++)
        {
            double p = double.CreateTruncating(predicted[k]), t = double.CreateTruncating(target[k]);
            product += p * t;
            squaresP += p * p;
            squaresT += t * t;
        }
        double lengthP = Math.Sqrt(squaresP), lengthT = Math.Sqrt(squaresT);
        bool directed = !(lengthP < Shortest || lengthT < Shortest);
        double cosine = directed ? product / (lengthP * lengthT) : 0;
        for (int k = 0; gradient is not null && k < columns; k++)
        {
            double slope = cosine * double.CreateTruncating(predicted[k]) / lengthP - double.CreateTruncating(target[k]) / lengthT;
            gradient[k] = directed ? scale * T.CreateTruncating(slope / lengthP) : T.Zero;
        }
        return 1 - cosine;
    }
}
