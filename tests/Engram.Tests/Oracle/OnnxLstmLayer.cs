namespace Engram.Tests.Oracle;

/// <summary>
/// Weights of one LSTM layer in Engram's layout: the columns of all three are the blocks i, f, g, o of <paramref name="Units"/> each,
/// all arrays are row-major.
/// </summary>
/// <param name="Inputs">Features that come in at each step.</param>
/// <param name="Units">Hidden units.</param>
/// <param name="Kernel">W, <c>[inputs, 4·units]</c>.</param>
/// <param name="RecurrentKernel">U, <c>[units, 4·units]</c>.</param>
/// <param name="Bias">b, <c>[4·units]</c>.</param>
/// <param name="InitialHidden">h before the first step, <c>[batch, units]</c>; zero where left out.</param>
/// <param name="InitialCell">c before the first step, <c>[batch, units]</c>; zero where left out.</param>
internal sealed record OnnxLstmLayer(
    int Inputs,
    int Units,
    float[] Kernel,
    float[] RecurrentKernel,
    float[] Bias,
    float[]? InitialHidden = null,
    float[]? InitialCell = null);

/// <summary>What one layer gave.</summary>
/// <param name="Output">h of every step, <c>[batch, time, units]</c>.</param>
/// <param name="FinalHidden">h after the last step, <c>[batch, units]</c>.</param>
/// <param name="FinalCell">c after the last step, <c>[batch, units]</c>.</param>
internal sealed record OnnxLstmResult(float[] Output, float[] FinalHidden, float[] FinalCell);
