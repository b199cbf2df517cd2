using System.Diagnostics.CodeAnalysis;

namespace Engram.Tasks;

/// <summary>How a run ended.</summary>
/// <typeparam name="T">What the task trains: a <see cref="Forecaster"/>.</typeparam>
/// <param name="Folder">The run's folder.</param>
/// <param name="Trained">What was trained, with its report; null where the run was interrupted.</param>
/// <param name="Interruption">
/// Where the run was interrupted: how far it came, what is kept and how to go on, for the user; null otherwise.
/// </param>
public sealed record RunResult<T>(string Folder, T? Trained, string? Interruption)
    where T : class
{
    /// <summary>Whether the run was interrupted, and can go on.</summary>
    [MemberNotNullWhen(true, nameof(Interruption))]
    [MemberNotNullWhen(false, nameof(Trained))]
    public bool IsInterrupted => Interruption is not null;
}
