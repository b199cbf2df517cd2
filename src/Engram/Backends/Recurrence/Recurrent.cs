namespace Engram.Backends;

/// <summary>What a backend must know of a recurrent layer; sizes of the call come with its arguments.</summary>
/// <param name="Cell">The recurrence.</param>
/// <param name="Inputs">Size of an input.</param>
/// <param name="Units">Units of the cell.</param>
/// <param name="Outputs">Size of the hidden state: the units, or less with a projection.</param>
/// <param name="ReturnSequences">Whether the output is every hidden state or the last alone.</param>
/// <param name="Reverse">Whether the sequence is walked from its end.</param>
/// <param name="Clip">What gates and candidates take is clipped to plus or minus this, forward; infinity where it is not. There is no way back with it.</param>
internal readonly record struct RecurrentSpec(
    RecurrentCell Cell, int Inputs, int Units, int Outputs, bool ReturnSequences, bool Reverse, double Clip = double.PositiveInfinity);

/// <summary>The weights of a recurrent layer as users know them, see <see cref="CellLayout"/>.</summary>
/// <param name="Kernel">W.</param>
/// <param name="RecurrentKernel">U.</param>
/// <param name="Bias">b; absent where the cell has none.</param>
/// <param name="Vectors">Weights that multiply element by element [vectors, units]; absent where the cell has none.</param>
/// <param name="Projection">[units, outputs]; absent where there is none.</param>
internal readonly record struct RecurrentParameters<TItem>(TItem Kernel, TItem RecurrentKernel, TItem? Bias, TItem? Vectors, TItem? Projection);

/// <summary>Weights in the form that a backend walks with fastest.</summary>
internal abstract class RecurrentWeights
{
    /// <summary>Whether a walk forwards can still use them: the way back may have put something else in their place.</summary>
    public abstract bool IsWhole { get; }
}

/// <summary>What a walk keeps for its way back; goes back to the pool after use.</summary>
internal abstract class RecurrentSaved
{
    /// <summary>Gives the memory back.</summary>
    public abstract void Release();
}

/// <summary>What a stepper is made for: a layer, sequences side by side, the shares of the former state that zoneout keeps, and how weights are stored.</summary>
internal readonly record struct StepperSpec(RecurrentSpec Layer, int Batch, double HiddenZoneout, double CellZoneout, WeightPrecision Weights);

/// <summary>A recurrent layer that takes one time step of its sequences at a time and keeps their states.</summary>
internal abstract class RecurrentStepper
{
    /// <summary>One step.</summary>
    /// <param name="weights">Weights of the layer.</param>
    /// <param name="x">Inputs [batch, inputs].</param>
    /// <param name="y">Receives h [batch, outputs].</param>
    public abstract void Step(RecurrentWeights weights, Storage x, Storage y);

    /// <summary>Copies the states out.</summary>
    /// <param name="hidden">Receives h [batch, outputs].</param>
    /// <param name="cell">Receives c [batch, units]; absent where the cell has none.</param>
    public abstract void Read(Storage hidden, Storage? cell);

    /// <summary>All states become zero.</summary>
    public abstract void Reset();
}

/// <summary>
/// The share k of the former state that zoneout keeps: while training drawn unit by unit, 0 or 1; otherwise its expectation.
/// </summary>
/// <param name="Rate">k's expectation, in [0, 1).</param>
/// <param name="Mask">k [batch, steps, size], or null for the expectation.</param>
internal readonly record struct ZoneoutArgument(double Rate, Storage? Mask);

/// <summary>Inputs given as the different ones among them.</summary>
/// <param name="Count">How many there are; 0 where every step has an input of its own.</param>
/// <param name="Numbers">Which of them each step takes [batch, steps].</param>
internal readonly record struct DistinctInputs(int Count, ReadOnlyMemory<int> Numbers);

/// <summary>One call of a recurrent layer.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Steps">Time steps.</param>
/// <param name="X">Inputs [batch, steps, inputs]; where they are given as different ones, these [count, inputs].</param>
/// <param name="Mask">Which steps are real; all where absent.</param>
/// <param name="InitialHidden">h before the first step [batch, outputs]; zeros where absent.</param>
/// <param name="InitialCell">c before the first step [batch, units]; zeros where absent.</param>
/// <param name="OperandMask">What of h the recurrent product sees, 0 or 1 / (1 − rate) [batch, outputs]; all of it where absent.</param>
/// <param name="HiddenZoneout">Zoneout of h.</param>
/// <param name="CellZoneout">Zoneout of c.</param>
/// <param name="Y">Receives [batch, steps, outputs], or [batch, outputs] without sequences.</param>
/// <param name="FinalHidden">Receives h after the last step [batch, outputs].</param>
/// <param name="FinalCell">Receives c after the last step [batch, units]; absent where the cell has none.</param>
/// <param name="Distinct">Which input each step takes, where X has different ones alone; the gradient of X then is theirs.</param>
internal readonly record struct RecurrentArguments(
    int Batch, int Steps, Storage X, SequenceMask? Mask, Storage? InitialHidden, Storage? InitialCell, Storage? OperandMask,
    ZoneoutArgument HiddenZoneout, ZoneoutArgument CellZoneout, Storage Y, Storage? FinalHidden, Storage? FinalCell, DistinctInputs Distinct = default);

/// <summary>A gradient to be written: where, and whether it is added to what stands there.</summary>
internal readonly record struct GradientTarget(Storage? Storage, bool Accumulate);

/// <summary>
/// Gradients that come in from the outputs, and where those of inputs and weights go. The initial states may be one tensor: the
/// hidden state's gradient is written before the cell state's, which is then added.
/// </summary>
internal readonly record struct RecurrentGradients(
    Storage? Y, Storage? FinalHidden, Storage? FinalCell,
    GradientTarget X, GradientTarget InitialHidden, GradientTarget InitialCell, RecurrentParameters<GradientTarget> Parameters);
