namespace Engram;

/// <summary>What time is spent on.</summary>
public enum ProfileCategory
{
    /// <summary>Matrix products: dense layers, and whole recurrent layers but for what is told apart as <see cref="Activations"/>.</summary>
    Products,

    /// <summary>Cell updates of recurrent layers and whatever else works element by element or row by row: activations, dropout, normalisation, pooling, sums.</summary>
    Activations,

    /// <summary>Clipping, and the sweep over the weights.</summary>
    Optimizer,

    /// <summary>Losses and their slopes.</summary>
    Loss,

    /// <summary>Reading: batches from their source, and files.</summary>
    Data,

    /// <summary>Packing weights, looking up rows of tables, copying into passes and from shape to shape.</summary>
    Copying,

    /// <summary>Threads that wait for work, or for each other.</summary>
    Idle,

    /// <summary>What no span of the engine tells: the loop around, files that are written, a program's own code.</summary>
    Other,
}
