using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The LSTM's cell (Hochreiter &amp; Schmidhuber 1997, with the forget gate of Gers et al. 2000) for one panel: the four gates of
/// one vector of units, side by side as i, f, g, o.
/// <code>
///   i, f, o = σ(W x + U h + b)      g = tanh(W x + U h + b)
///   c' = f ⊙ c + i ⊙ g              h' = o ⊙ tanh c'
/// </code>
/// </summary>
internal static unsafe class LstmCell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Gates in a panel.</summary>
    public const int Gates = 4;

    /// <summary>From pre-activations to the new state, for the units of one panel and some rows.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="gates">Pre-activations of i, f, g, o; receives the gates themselves.</param>
    /// <param name="gatesStride">Elements between rows of <paramref name="gates"/>.</param>
    /// <param name="previousCell">c of the step before.</param>
    /// <param name="previousStride">Elements between its rows.</param>
    /// <param name="cell">Receives c'; may be where c stands.</param>
    /// <param name="cellStride">Elements between its rows.</param>
    /// <param name="hidden">Receives h'.</param>
    /// <param name="hiddenStride">Elements between its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        int rows, T* gates, nint gatesStride, T* previousCell, nint previousStride, T* cell, nint cellStride, T* hidden, nint hiddenStride)
    {
        for (int row = 0; row < rows; row++)
        {
            L i = Activate<T, L>.Sigmoid(L.Load(gates));
            L f = Activate<T, L>.Sigmoid(L.Load(gates + L.Count));
            L g = Activate<T, L>.Tanh(L.Load(gates + 2 * L.Count));
            L o = Activate<T, L>.Sigmoid(L.Load(gates + 3 * L.Count));
            L.Store(gates, i);
            L.Store(gates + L.Count, f);
            L.Store(gates + 2 * L.Count, g);
            L.Store(gates + 3 * L.Count, o);

            L c = L.MultiplyAdd(f, L.Load(previousCell), i * g);
            L.Store(cell, c);
            L.Store(hidden, o * Activate<T, L>.Tanh(c));

            gates += gatesStride;
            previousCell += previousStride;
            cell += cellStride;
            hidden += hiddenStride;
        }
    }

    /// <summary>
    /// From the gradient of h' to the gradients of the pre-activations, for one panel and some rows. With δx the loss's gradient
    /// with respect to x, and δc the part of c's gradient that came back from the next step:
    /// <code>
    ///   δo = δh ⊙ tanh c' ⊙ o(1 − o)         δc' = δc + δh ⊙ o ⊙ (1 − tanh² c')
    ///   δi = δc' ⊙ g ⊙ i(1 − i)              δg  = δc' ⊙ i ⊙ (1 − g²)
    ///   δf = δc' ⊙ c ⊙ f(1 − f)              δc ← δc' ⊙ f
    /// </code>
    /// </summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="hiddenGradient">δh, complete.</param>
    /// <param name="hiddenStride">Elements between its rows.</param>
    /// <param name="gates">i, f, g, o; receives the gradients of their pre-activations.</param>
    /// <param name="gatesStride">Elements between its rows.</param>
    /// <param name="previousCell">c of the step before.</param>
    /// <param name="previousStride">Elements between its rows.</param>
    /// <param name="cell">c'.</param>
    /// <param name="cellStride">Elements between its rows.</param>
    /// <param name="cellGradient">δc from the next step; receives that for the step before.</param>
    /// <param name="cellGradientStride">Elements between its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        int rows, T* hiddenGradient, nint hiddenStride, T* gates, nint gatesStride, T* previousCell, nint previousStride,
        T* cell, nint cellStride, T* cellGradient, nint cellGradientStride)
    {
        L one = L.Constant(1);
        for (int row = 0; row < rows; row++)
        {
            L i = L.Load(gates), f = L.Load(gates + L.Count), g = L.Load(gates + 2 * L.Count), o = L.Load(gates + 3 * L.Count);
            L h = L.Load(hiddenGradient);
            L tanh = Activate<T, L>.Tanh(L.Load(cell));
            L c = L.MultiplyAdd(h * o, one - tanh * tanh, L.Load(cellGradient));

            L.Store(gates, c * g * i * (one - i));
            L.Store(gates + L.Count, c * L.Load(previousCell) * f * (one - f));
            L.Store(gates + 2 * L.Count, c * i * (one - g * g));
            L.Store(gates + 3 * L.Count, h * tanh * o * (one - o));
            L.Store(cellGradient, c * f);

            hiddenGradient += hiddenStride;
            gates += gatesStride;
            previousCell += previousStride;
            cell += cellStride;
            cellGradient += cellGradientStride;
        }
    }
}
