namespace Engram;

/// <summary>What an LSTM remembers between steps: the hidden state h and the cell state c, each [batch, units].</summary>
/// <param name="Hidden">h, which is also the output of the last step.</param>
/// <param name="Cell">c, the memory that the forget gate protects.</param>
public readonly record struct LstmState(Tensor Hidden, Tensor Cell);
