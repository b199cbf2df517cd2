namespace Engram;

/// <summary>Which equations an <see cref="Lstm"/> computes.</summary>
public enum LstmVariant
{
    /// <summary>Input, forget and output gate: what is commonly called LSTM.</summary>
    Standard,

    /// <summary>
    /// The gates see the cell state (Gers &amp; Schmidhuber 2000): p_i ⊙ c, p_f ⊙ c and p_o ⊙ c' are added to the gates' sums. Weights:
    /// <c>peepholes</c> [3, units], rows i, f, o.
    /// </summary>
    Peephole,

    /// <summary>Coupled input and forget gate, f = 1 − i (Greff et al. 2017): a quarter fewer weights. Blocks: i, g, o.</summary>
    Coupled,

    /// <summary>
    /// Layer normalisation (Ba, Kiros &amp; Hinton 2016): each gate's sum, and the cell state on its way out, is normalised over the units,
    /// then scaled and shifted. Weights: <c>normalization</c> [10, units], rows γ of i, f, g, o, β of i, f, g, o, γ and β of c; there is no other bias.
    /// </summary>
    LayerNorm,
}
