namespace Engram.Tasks;

/// <summary>A name or phrase in a sentence.</summary>
/// <param name="Type">What it is: <c>NP</c>.</param>
/// <param name="First">Its first token, 0 the first of the sentence.</param>
/// <param name="End">The token behind its last.</param>
public readonly record struct Chunk(string Type, int First, int End);
