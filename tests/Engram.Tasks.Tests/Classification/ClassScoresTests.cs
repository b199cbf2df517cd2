namespace Engram.Tasks.Tests.Classification;

public sealed class ClassScoresTests
{
    /// <summary>Five texts of three classes; of the fourth two probabilities are equal, and the first class is taken.</summary>
    private static readonly ClassifierMetrics _metrics = ClassScores.Of(
        [
            0.7f, 0.2f, 0.1f,
            0.3f, 0.6f, 0.1f,
            0.2f, 0.5f, 0.3f,
            0.4f, 0.4f, 0.2f,
            0.1f, 0.1f, 0.8f,
        ],
        [0, 0, 1, 1, 2],
        ["a", "b", "c"]);

    [Fact]
    public void Accuracy_F1_and_loss_are_those_worked_out_by_hand()
    {
        Assert.Equal(3 / 5.0, _metrics.Accuracy, 12);
        Assert.Equal((0.5 + 0.5 + 1) / 3, _metrics.F1, 12);
        Assert.Equal(-(Math.Log(0.7) + Math.Log(0.3) + Math.Log(0.5) + Math.Log(0.4) + Math.Log(0.8)) / 5, _metrics.Loss, 6);
        Assert.Equal([[1, 1, 0], [1, 1, 0], [0, 0, 1]], _metrics.Confusion!);
        Assert.Equal(
            [new ClassMetrics("a", 0.5, 0.5, 0.5, 2), new ClassMetrics("b", 0.5, 0.5, 0.5, 2), new ClassMetrics("c", 1, 1, 1, 1)], _metrics.ByClass!);
    }

    /// <summary>a: 5 of 6 pairs are in order, b: 4 of 6, c: 4 of 4.</summary>
    [Fact]
    public void The_area_is_the_mean_of_each_class_against_the_rest() => Assert.Equal(((5 / 6.0) + (4 / 6.0) + 1) / 3, _metrics.Auc!.Value, 12);

    [Fact]
    public void Precision_and_recall_differ_where_one_class_is_taken_too_often()
    {
        ClassifierMetrics metrics = ClassScores.Of([0.4f, 0.6f, 0.4f, 0.6f, 0.4f, 0.6f, 0.9f, 0.1f], [0, 0, 1, 0], ["no", "yes"]);

        Assert.Equal([new ClassMetrics("no", 1, 1 / 3.0, 0.5, 3), new ClassMetrics("yes", 1 / 3.0, 1, 0.5, 1)], metrics.ByClass!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_area_is_the_share_of_pairs_in_order_equal_ones_counted_half(int seed)
    {
        RandomStream random = new(seed);
        const int texts = 60;
        int[] labels = [.. Enumerable.Range(0, texts).Select(i => random.Uniform(i) < 0.3 ? 1 : 0)];
        // Few different values, so that many are equal.
        float[] probability = [.. Enumerable.Range(0, texts).Select(i => (int)(10 * random.Uniform(1000 + i)) / 16f)];

        double auc = ClassScores.Of([.. probability.SelectMany(p => (float[])[1 - p, p])], labels, ["0", "1"]).Auc!.Value;

        double[] pairs =
        [
            .. from one in Enumerable.Range(0, texts)
               from other in Enumerable.Range(0, texts)
               where labels[one] == 1 && labels[other] == 0
               select probability[one] > probability[other] ? 1 : probability[one] == probability[other] ? 0.5 : 0,
        ];
        Assert.Equal(pairs.Average(), auc, 12);
    }

    [Fact]
    public void Texts_of_one_class_have_no_area() => Assert.Null(ClassScores.Of([0.9f, 0.1f, 0.8f, 0.2f], [0, 0], ["a", "b"]).Auc);

    [Fact]
    public void A_class_without_texts_counts_as_not_found_where_a_text_was_taken_for_it_and_not_at_all_where_none_was()
    {
        Assert.Equal((2 / 3.0) / 2, ClassScores.Of([0.9f, 0.1f, 0.2f, 0.8f], [0, 0], ["a", "b"]).F1, 12);
        Assert.Equal(1, ClassScores.Of([0.9f, 0.1f, 0.8f, 0.2f], [0, 0], ["a", "b"]).F1);
    }

    [Fact]
    public void A_probability_of_zero_has_a_finite_loss() =>
        Assert.Equal(-Math.Log(float.Epsilon), ClassScores.Of([1, 0], [1], ["a", "b"]).Loss, 9);
}
