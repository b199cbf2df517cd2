using Engram.Data;

namespace Engram.Tasks.Tests.Forecasting;

/// <summary>The form of times does not depend on which of them are written.</summary>
public sealed class TimeFormatTests
{
    private static readonly DateTime Midnight = new(2021, 3, 5);

    [Fact]
    public void An_hourly_forecast_of_midnight_has_its_hour() => Assert.Equal("2021-03-05 00:00:00", TimeFormat.For(TimeStep.Hourly, [Midnight]).Write(Midnight));

    [Fact]
    public void Days_months_and_irregular_midnights_are_days()
    {
        Assert.All([TimeStep.Daily, TimeStep.BusinessDaily, TimeStep.Monthly, TimeStep.None], step => Assert.Equal("2021-03-05", TimeFormat.For(step, [null, Midnight]).Write(Midnight)));
        Assert.Equal("2021-03-05 00:00:00", TimeFormat.For(TimeStep.Daily, [Midnight, Midnight.AddHours(6)]).Write(Midnight));
    }
}
