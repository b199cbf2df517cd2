using Engram.Data;

namespace Engram.Tasks;

/// <summary>What follows the last row known, in original units.</summary>
public sealed class Forecast
{
    internal Forecast(IReadOnlyList<double> values, IReadOnlyList<DateTime> times, TimeStep step, DateTime? lastTime, IReadOnlyList<string> notes)
    {
        Step = step;
        Values = values;
        Times = times;
        LastTime = lastTime;
        Notes = notes;
    }

    /// <summary>The forecast, a value for each step ahead.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The time stamp of each value; empty where the data have no times, or times without a rule.</summary>
    public IReadOnlyList<DateTime> Times { get; }

    /// <summary>The time stamp of the last row known; null where the data have no times.</summary>
    public DateTime? LastTime { get; }

    /// <summary>The step between values.</summary>
    internal TimeStep Step { get; }

    /// <summary>What was assumed, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }
}
