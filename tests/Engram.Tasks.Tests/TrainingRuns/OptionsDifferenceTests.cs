namespace Engram.Tasks.Tests.TrainingRuns;

public sealed class OptionsDifferenceTests
{
    [Theory]
    [InlineData("""{"a":1,"options":{"b":[1,2]}}""", """{"options":{"b":[1, 2]},"a":1}""", null)]
    [InlineData("""{"options":{"training":{"units":[50]}}}""", """{"options":{"training":{"units":[50,20]}}}""", "'training.units' is [50], and now [50,20]")]
    [InlineData("""{"options":{"target":"y"}}""", """{"options":{"target":"z"}}""", "'target' is \"y\", and now \"z\"")]
    [InlineData("""{"options":{}}""", """{"options":{"season":7}}""", "'season' is not given, and now 7")]
    [InlineData("""{"options":{"season":7}}""", """{"options":{}}""", "'season' is 7, and now not given")]
    public void The_first_difference_is_told(string before, string now, string? difference) => Assert.Equal(difference, OptionsDifference.First(before, now));
}
