namespace Engram.Tests.Oracle;

/// <summary>Weights and states of one direction in Engram's layout; all arrays are row-major.</summary>
/// <param name="Inputs">Features that come in at each step.</param>
/// <param name="Units">Hidden units.</param>
/// <param name="Kernel">W, <c>[inputs, blocks·units]</c>.</param>
/// <param name="RecurrentKernel">U, <c>[units, blocks·units]</c>.</param>
/// <param name="Bias">b, <c>[blocks·units]</c>.</param>
/// <param name="Peepholes">p, <c>[3, units]</c>; none where left out.</param>
/// <param name="InitialHidden">h before the first step, <c>[batch, units]</c>; zero where left out.</param>
/// <param name="InitialCell">c before the first step, <c>[batch, units]</c>; zero where left out.</param>
internal sealed record OnnxWeights(
    int Inputs,
    int Units,
    float[] Kernel,
    float[] RecurrentKernel,
    float[] Bias,
    float[]? Peepholes = null,
    float[]? InitialHidden = null,
    float[]? InitialCell = null);

/// <summary>What a direction gave.</summary>
/// <param name="Output">h of every step, <c>[batch, time, units]</c>; zero past the end of a sequence.</param>
/// <param name="FinalHidden">h after the last step, <c>[batch, units]</c>.</param>
/// <param name="FinalCell">c after the last step, <c>[batch, units]</c>; empty where there is none.</param>
internal sealed record OnnxResult(float[] Output, float[] FinalHidden, float[] FinalCell);
