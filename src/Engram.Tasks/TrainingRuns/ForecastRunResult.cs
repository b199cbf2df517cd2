namespace Engram.Tasks;

/// <summary>How a run ended.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Forecaster">
/// The forecaster, with <see cref="Forecaster.Report"/> and <see cref="Forecaster.Training"/>; null where the run was interrupted.
/// </param>
/// <param name="Interruption">
/// Where the run was interrupted: how far it came, what is kept and how to go on, for the user; null otherwise.
/// </param>
public sealed record ForecastRunResult(string Folder, Forecaster? Forecaster, string? Interruption)
{
    /// <summary>Whether the run was interrupted, and can go on with <see cref="ForecastRun.Resume"/>.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Interruption))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Forecaster))]
    public bool IsInterrupted => Interruption is not null;
}
