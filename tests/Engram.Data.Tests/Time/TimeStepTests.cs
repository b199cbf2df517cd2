using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace Engram.Data.Tests.Time;

public sealed class TimeStepTests
{
    private static readonly DateTime _start = new(2024, 1, 1);

    private static DateTime Date(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);

    private static DateTime[] Every(TimeSpan span, int count) => [.. Enumerable.Range(0, count).Select(i => _start + (i * span))];

    [Theory]
    [InlineData(1, "secondly", 0)]
    [InlineData(60, "minutely", 0)]
    [InlineData(900, "every 15 minutes", 0)]
    [InlineData(3600, "hourly", 24)]
    [InlineData(10_800, "every 3 hours", 0)]
    [InlineData(86_400, "daily", 7)]
    [InlineData(604_800, "weekly", 0)]
    [InlineData(172_800, "every 2 days", 0)]
    public void Fixed_steps_are_found(int seconds, string name, int season)
    {
        TimeStep step = TimeStep.Infer(Every(TimeSpan.FromSeconds(seconds), 60));
        Assert.Equal(name, step.ToString());
        Assert.Equal(season, step.DefaultSeason);
        Assert.Equal(TimeSpan.FromSeconds(seconds), step.Span);
    }

    [Fact]
    public void Steps_shorter_than_a_second_are_found() => Assert.Equal("every 250 milliseconds", TimeStep.Infer(Every(TimeSpan.FromMilliseconds(250), 9)).ToString());

    [Fact]
    public void Missing_steps_do_not_hide_the_rule()
    {
        DateTime[] times = [.. Every(TimeSpan.FromHours(1), 200).Where((_, i) => i % 7 != 3)];
        Assert.Equal(TimeStep.Hourly, TimeStep.Infer(times));
    }

    [Fact]
    public void Days_without_weekends_and_some_holidays_are_business_daily()
    {
        DateTime[] times = [.. Every(TimeSpan.FromDays(1), 100).Where((day, i) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && i is not (14 or 15 or 50))];
        TimeStep step = TimeStep.Infer(times);
        Assert.Equal(TimeStep.BusinessDaily, step);
        Assert.Equal(5, step.DefaultSeason);
    }

    [Theory]
    [InlineData("2024-01-01 2024-02-01 2024-03-01", "monthly")]
    [InlineData("2024-01-31 2024-02-29 2024-03-31 2024-04-30", "monthly on day 31")]
    [InlineData("2024-01-30 2024-02-29 2024-03-30", "monthly on day 30")]
    [InlineData("2024-02-29 2024-03-30", "monthly on day 30")]
    [InlineData("2024-01-15 2024-02-15 2024-04-15 2024-05-15", "monthly on day 15")]
    [InlineData("2024-01-02 2024-02-01 2024-03-01 2024-04-01 2024-05-02", "monthly")]
    [InlineData("2024-05-31 2024-06-28 2024-07-31 2024-08-30 2024-09-30", "monthly on day 31")]
    [InlineData("2023-01-01 2023-04-01 2023-07-01 2023-10-01", "quarterly")]
    [InlineData("2020-01-01 2021-01-01 2022-01-01", "yearly")]
    [InlineData("2023-01-01 2023-03-01 2023-05-01", "every 2 months")]
    public void Months_are_found_whatever_their_length(string stamps, string name) =>
        Assert.Equal(name, TimeStep.Infer([.. stamps.Split(' ').Select(Date)]).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("2024-01-01")]
    [InlineData("2024-01-01 2024-01-03 2024-01-04 2024-01-09 2024-02-20 2024-06-07 2024-06-07T05:00")]
    public void No_rule_is_none(string stamps)
    {
        TimeStep step = TimeStep.Infer([.. stamps.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Date)]);
        Assert.Equal(TimeStep.None, step);
        Assert.False(step.IsRegular);
        Assert.Throws<InvalidOperationException>(() => step.Next(_start, 1));
    }

    [Theory]
    [InlineData("hourly", "2024-02-28T22:00", "2024-02-28T23:00 2024-02-29T00:00 2024-02-29T01:00")]
    [InlineData("every 15 minutes", "2024-01-01T23:50", "2024-01-02T00:05 2024-01-02T00:20 2024-01-02T00:35")]
    [InlineData("daily", "2024-02-28", "2024-02-29 2024-03-01 2024-03-02")]
    [InlineData("business-daily", "2020-04-16", "2020-04-17 2020-04-20 2020-04-21")]
    [InlineData("business-daily", "2020-04-18T16:00", "2020-04-20T16:00 2020-04-21T16:00 2020-04-22T16:00")]
    [InlineData("weekly", "2024-12-25", "2025-01-01 2025-01-08 2025-01-15")]
    [InlineData("monthly", "1960-11-01", "1960-12-01 1961-01-01 1961-02-01")]
    [InlineData("monthly on day 31", "2024-01-31", "2024-02-29 2024-03-31 2024-04-30")]
    [InlineData("monthly on day 30", "2024-02-29T06:00", "2024-03-30T06:00 2024-04-30T06:00 2024-05-30T06:00")]
    [InlineData("quarterly", "2024-10-01", "2025-01-01 2025-04-01 2025-07-01")]
    [InlineData("yearly", "2024-01-01", "2025-01-01 2026-01-01 2027-01-01")]
    public void The_stamps_that_follow_are_known(string step, string last, string next) =>
        Assert.Equal(next.Split(' ').Select(Date), TimeStep.Parse(step).Next(Date(last), 3));

    [Theory]
    [InlineData("daily", "9999-12-29", 2)]
    [InlineData("monthly on day 31", "9999-10-31", 2)]
    [InlineData("business-daily", "9999-12-31", 0)]
    public void There_are_no_stamps_beyond_the_end_of_the_calendar(string step, string last, int count) =>
        Assert.Equal(count, TimeStep.Parse(step).Next(Date(last), 5).Length);

    [Fact]
    public void What_Next_makes_is_inferred_as_the_same_step()
    {
        Gen<TimeStep> steps = Gen.OneOf(
            Gen.Int[1, 100_000].Select(seconds => TimeStep.Every(TimeSpan.FromSeconds(seconds))),
            Gen.Select(Gen.Int[1, 12], Gen.Int[1, 31], TimeStep.EveryMonths),
            Gen.Const(TimeStep.BusinessDaily));
        steps.Sample(step =>
        {
            DateTime[] times = step.Next(new DateTime(2023, 12, 31), 30);
            TimeStep found = TimeStep.Infer(times);
            // A step of some months may never meet a short month, or only its end.
            return step.Kind == TimeStepKind.Month ? found.SameRhythm(step) && found.Next(times[^2], 1)[0] == times[^1] : found == step;
        });
    }

    [Fact]
    public void Text_and_JSON_are_read_back()
    {
        TimeStep[] steps =
        [
            TimeStep.None, TimeStep.Hourly, TimeStep.BusinessDaily, TimeStep.Every(TimeSpan.FromTicks(1234567)), TimeStep.Every(TimeSpan.FromSeconds(90)),
            TimeStep.EveryMonths(1, 15), TimeStep.EveryMonths(3, 31), TimeStep.EveryMonths(7, 2), TimeStep.Weekly,
        ];
        foreach (TimeStep step in steps)
        {
            Assert.Equal(step, TimeStep.Parse(step.ToString()));
            Assert.Equal(step, JsonSerializer.Deserialize<TimeStep>(JsonSerializer.Serialize(step)));
        }
        Assert.Equal("\"every 15 minutes\"", JsonSerializer.Serialize(TimeStep.Every(TimeSpan.FromMinutes(15))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sometimes")]
    [InlineData("every -1 hours")]
    [InlineData("every 0 days")]
    [InlineData("every 99999999999999 days")]
    [InlineData("every 3 moons")]
    [InlineData("monthly on day 32")]
    [InlineData("daily on day 3")]
    public void What_is_no_step_is_refused(string text)
    {
        Assert.Throws<FormatException>(() => TimeStep.Parse(text));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TimeStep>(JsonSerializer.Serialize(text)));
    }
}
