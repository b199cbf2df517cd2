namespace Engram.Data;

/// <summary>What is taken off the targets of a window, so that a network learns the change instead of the level.</summary>
public enum WindowResidual
{
    /// <summary>Nothing: targets are the values themselves.</summary>
    None,

    /// <summary>The last target seen in the window, at every step ahead.</summary>
    LastValue,

    /// <summary>For each step ahead the latest target seen that lies whole seasons before it.</summary>
    Seasonal,
}
