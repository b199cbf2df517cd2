namespace Engram.Tasks.Tests.Forecasting.Pipeline;

public sealed class ForecastSpecFitTests
{
    [Fact]
    public void A_random_walk_is_learned_as_its_change()
    {
        RandomStream random = new(1);
        double[] walk = new double[1000];
        for (int t = 1; t < walk.Length; t++)
        {
            walk[t] = walk[t - 1] + random.Normal(t);
        }
        ForecastPlan plan = ForecastPlan.Make(TestTables.Of(walk), "y", TestTables.Quick);

        Assert.Equal(Differencing.First, plan.Spec.Difference);
        Assert.Equal([0], plan.Spec.Relative);
        Assert.Contains(plan.Notes, note => note.StartsWith("The network learns the change of 'y' since the last value", StringComparison.Ordinal));
    }

    [Fact]
    public void Noise_is_learned_as_it_is()
    {
        RandomStream random = new(1);
        ForecastPlan plan = ForecastPlan.Make(
            TestTables.Of([.. Enumerable.Range(0, 1000).Select(t => (double)random.Normal(t))]), "y", TestTables.Quick);

        Assert.Equal(Differencing.None, plan.Spec.Difference);
        Assert.Equal(1, plan.Spec.TargetScale);
        Assert.Empty(plan.Spec.Relative);
    }

    [Fact]
    public void A_pattern_that_repeats_is_learned_as_its_change_since_the_season_before()
    {
        double[] pattern = [0, 9, -4, 3, 8, -7];
        RandomStream random = new(1);
        ForecastPlan plan = ForecastPlan.Make(
            TestTables.Of([.. Enumerable.Range(0, 600).Select(t => pattern[t % 6] + random.Normal(t))]), "y", TestTables.Quick with { Season = 6 });

        Assert.Equal(Differencing.Seasonal, plan.Spec.Difference);
    }

    [Fact]
    public void A_season_too_long_for_the_data_is_not_chosen()
    {
        double[] y = [.. Enumerable.Range(0, 300).Select(t => (double)(t % 150 * 7919 % 150))];

        Assert.NotEqual(Differencing.Seasonal, ForecastPlan.Make(TestTables.Of(y), "y", TestTables.Quick with { Season = 150 }).Spec.Difference);
        Assert.Equal(Differencing.Seasonal, ForecastPlan.Make(TestTables.Of([.. y, .. y, .. y]), "y", TestTables.Quick with { Season = 150 }).Spec.Difference);
    }

    [Fact]
    public void A_choice_of_the_users_stands()
    {
        foreach (Differencing difference in new[] { Differencing.None, Differencing.First, Differencing.Seasonal })
        {
            ForecastPlan plan = ForecastPlan.Make(TestTables.Of(TestTables.Sine(500)), "y", TestTables.Quick with { Season = 25, Difference = difference });
            Assert.Equal(difference, plan.Spec.Difference);
        }
    }

    [Fact]
    public void Targets_have_the_size_of_one_and_come_back()
    {
        double[] y = [.. Enumerable.Range(0, 500).Select(t => 1000 + (t * 0.5) + (t % 2))];
        ForecastPlan plan = ForecastPlan.Make(TestTables.Of(y), "y", TestTables.Quick with { Horizon = 2 });
        Engram.Training.ISampleSource samples = plan.Series.Samples(plan.Training);
        float[] inputs = new float[samples.InputShape.Count * samples.Count], targets = new float[2 * samples.Count];
        samples.Read([.. Enumerable.Range(0, samples.Count)], inputs, targets);

        Assert.Equal(1, Math.Sqrt(targets.Average(target => (double)target * target)), 0.01);
        for (int sample = 0; sample < samples.Count; sample++)
        {
            int row = plan.Training.LastInputRow(sample);
            Assert.Equal(y[row + 2], plan.Spec.Decode(plan.Data.Values.Span, row, 2, targets[(2 * sample) + 1]), 1e-3);
        }
    }

    [Fact]
    public void The_test_part_changes_nothing_that_is_fitted()
    {
        double[] y = TestTables.Sine(500), other = [.. y];
        other.AsSpan(400).Fill(1e6);

        ForecastSpec first = ForecastPlan.Make(TestTables.Of(y), "y", TestTables.Quick).Spec;
        ForecastSpec second = ForecastPlan.Make(TestTables.Of(other), "y", TestTables.Quick).Spec;

        Assert.Equal(first.Scalers, second.Scalers);
        Assert.Equal(first.TargetScale, second.TargetScale);
        Assert.Equal(first.NaiveError, second.NaiveError);
    }
}
