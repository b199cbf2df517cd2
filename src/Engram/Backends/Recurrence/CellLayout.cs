using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Backends;

/// <summary>How a cell's weights are laid out for users: W [inputs, blocks · units], U [outputs, blocks · units], b [blocks · units].</summary>
/// <param name="InputBlocks">Blocks of W.</param>
/// <param name="RecurrentBlocks">Blocks of U.</param>
/// <param name="BiasBlocks">Blocks of b; 0 where there is no bias.</param>
/// <param name="WeightVectors">Weights that multiply element by element, in vectors of units.</param>
/// <param name="HasCell">Whether there is a cell state beside the hidden state.</param>
internal readonly record struct CellLayout(int InputBlocks, int RecurrentBlocks, int BiasBlocks, int WeightVectors, bool HasCell)
{
    /// <summary>The layout of a cell.</summary>
    public static CellLayout Of<TCell>()
        where TCell : struct, ICell<float, Lane<float>> =>
        new(TCell.InputBlocks.Length, TCell.RecurrentBlocks.Length, TCell.BiasBlocks.Length, TCell.WeightVectors, TCell.HasCell);
}
