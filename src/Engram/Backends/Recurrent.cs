namespace Engram.Backends;

/// <summary>Which recurrence a walk computes.</summary>
internal enum RecurrentCell
{
    /// <summary>LSTM with gates in the order i, f, g, o.</summary>
    Lstm,
}

/// <summary>What a backend must know of a recurrent layer; sizes of the call come with its arguments.</summary>
/// <param name="Cell">The recurrence.</param>
/// <param name="Inputs">Size of an input.</param>
/// <param name="Units">Size of the hidden state.</param>
/// <param name="ReturnSequences">Whether the output is every hidden state or the last alone.</param>
internal readonly record struct RecurrentSpec(RecurrentCell Cell, int Inputs, int Units, bool ReturnSequences);

/// <summary>Weights in the form that a backend walks with fastest.</summary>
internal abstract class RecurrentWeights;

/// <summary>What a walk keeps for its way back; goes back to the pool after use.</summary>
internal abstract class RecurrentSaved
{
    /// <summary>Gives the memory back.</summary>
    public abstract void Release();
}

/// <summary>One call of a recurrent layer.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Steps">Time steps.</param>
/// <param name="X">Inputs [batch, steps, inputs].</param>
/// <param name="InitialHidden">h before the first step [batch, units]; zeros where absent.</param>
/// <param name="InitialCell">c before the first step [batch, units]; zeros where absent.</param>
/// <param name="Y">Receives [batch, steps, units], or [batch, units] without sequences.</param>
/// <param name="FinalHidden">Receives h after the last step [batch, units].</param>
/// <param name="FinalCell">Receives c after the last step [batch, units].</param>
internal readonly record struct RecurrentArguments(
    int Batch, int Steps, Storage X, Storage? InitialHidden, Storage? InitialCell, Storage Y, Storage? FinalHidden, Storage? FinalCell);

/// <summary>A gradient to be written: where, and whether it is added to what stands there.</summary>
internal readonly record struct GradientTarget(Storage? Storage, bool Accumulate);

/// <summary>
/// Gradients that come in from the outputs, and where those of inputs and weights go. The initial states may be one tensor: the
/// hidden state's gradient is written before the cell state's, which is then added.
/// </summary>
internal readonly record struct RecurrentGradients(
    Storage? Y, Storage? FinalHidden, Storage? FinalCell,
    GradientTarget X, GradientTarget InitialHidden, GradientTarget InitialCell,
    GradientTarget Kernel, GradientTarget RecurrentKernel, GradientTarget Bias);
