using static Engram.Tasks.TrainingOptionsCheck;

namespace Engram.Tasks;

/// <summary>The ranges of <see cref="ForecastOptions"/>.</summary>
internal static class ForecastOptionsCheck
{
    public static void Check(ForecastOptions options)
    {
        AtLeast("--window", options.Window, 1);
        AtLeast("--horizon", options.Horizon, 1);
        Known("--scale", options.Scale);
        Known("--difference", options.Difference);
        TrainingOptionsCheck.Check(options);
        Require(options.Season is null or 0 or >= 2, "--season", options.Season, "must be at least 2 rows, or 0 for no season.");
    }
}
