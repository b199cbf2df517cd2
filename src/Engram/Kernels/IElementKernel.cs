namespace Engram.Kernels;

/// <summary>
/// Work on arrays in which every element is for itself, so that any part of them can be done by any thread. Parts begin and end at
/// multiples of 64, but for the last, whose vectors may reach beyond the end, into the slack of the storages.
/// </summary>
internal interface IElementKernel
{
    /// <summary>Does the elements from one to before another.</summary>
    void Run(long from, long to);
}
