using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>The recurrent cells to choose from.</summary>
public enum CellKind
{
    /// <summary><see cref="Engram.Lstm"/>.</summary>
    [JsonStringEnumMemberName("lstm")]
    Lstm,

    /// <summary><see cref="Engram.Gru"/>, with the reset gate after the recurrent product, as in cuDNN, PyTorch and Keras.</summary>
    [JsonStringEnumMemberName("gru")]
    Gru,

    /// <summary><see cref="Engram.Gru"/>, with the reset gate before it, as first published (Cho et al. 2014).</summary>
    [JsonStringEnumMemberName("gru-reset-before")]
    GruResetBefore,

    /// <summary><see cref="SimpleRnn"/> with tanh.</summary>
    [JsonStringEnumMemberName("rnn")]
    Rnn,

    /// <summary><see cref="SimpleRnn"/> with ReLU.</summary>
    [JsonStringEnumMemberName("rnn-relu")]
    RnnRelu,

    /// <summary>LSTM whose gates see the cell state, <see cref="LstmVariant.Peephole"/>.</summary>
    [JsonStringEnumMemberName("peephole")]
    Peephole,

    /// <summary>LSTM whose forget gate is 1 − i, <see cref="LstmVariant.Coupled"/>.</summary>
    [JsonStringEnumMemberName("coupled")]
    Coupled,

    /// <summary>LSTM with layer normalisation, <see cref="LstmVariant.LayerNorm"/>.</summary>
    [JsonStringEnumMemberName("layer-norm")]
    LayerNorm,
}
