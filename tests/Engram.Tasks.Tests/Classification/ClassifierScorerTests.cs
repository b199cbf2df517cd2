using Engram.Data;

namespace Engram.Tasks.Tests.Classification;

public sealed class ClassifierScorerTests
{
    [Theory]
    [InlineData(0.9, "better than the best baseline (bag of words) by 10.0 points of accuracy")]
    [InlineData(0.7, "worse than the best baseline (bag of words) by 10.0 points of accuracy")]
    [InlineData(0.804, "no better than the best baseline (bag of words): the accuracy differs by less than 0.5 points")]
    public void A_verdict_is_against_the_better_baseline(double accuracy, string expected) =>
        Assert.Equal(expected, ClassifierScorer.Verdict(Accuracy(accuracy), new ClassifierBaselines(Accuracy(0.6), Accuracy(0.8))));

    [Fact]
    public void The_majority_may_be_the_better_one() => Assert.Equal(
        "worse than the best baseline (majority) by 20.0 points of accuracy",
        ClassifierScorer.Verdict(Accuracy(0.7), new ClassifierBaselines(Accuracy(0.9), Accuracy(0.8))));

    [Fact]
    public void The_ten_mistakes_that_were_surest_come_first_and_long_texts_are_cut_between_characters()
    {
        string face = string.Concat(Enumerable.Repeat("😀", 200));
        LabelledTexts texts = new([.. Enumerable.Range(0, 30).Select(i => i == 28 ? "x" + face : $"text {i}")], [.. Enumerable.Repeat("a", 30)]);
        Engram.Tasks.Classification[] predictions = [.. Enumerable.Range(0, 30).Select(i => new Engram.Tasks.Classification(i % 2 == 0 ? "b" : "a", i / 30.0, []))];

        IReadOnlyList<ClassifierMistake> mistakes = ClassifierScorer.Mistakes(texts, [.. Enumerable.Range(0, 30)], predictions);

        Assert.Equal([29, 27, 25, 23, 21, 19, 17, 15, 13, 11], mistakes.Select(mistake => mistake.Row));
        Assert.All(mistakes, mistake => Assert.Equal(("a", "b"), (mistake.Label, mistake.Predicted)));
        Assert.Equal("x" + face[..298] + "…", mistakes[0].Text);
    }

    [Fact]
    public void The_majority_baseline_takes_every_text_for_the_largest_class_of_training()
    {
        BagOfWords bag = new(new float[3], new float[6], [0, 1]);

        ClassifierBaselines baselines = ClassifierScorer.Baselines([[1], [2], [1], [2]], [0, 0, 0, 1], ["a", "b"], [30, 10], bag);

        Assert.Equal(0.75, baselines.Majority.Accuracy);
        Assert.Equal(-((3 * Math.Log(0.75)) + Math.Log(0.25)) / 4, baselines.Majority.Loss, 6);
        Assert.Equal(0.5, baselines.Majority.Auc);
        Assert.Equal(0.25, baselines.BagOfWords.Accuracy);
    }

    private static ClassifierMetrics Accuracy(double accuracy) => new(accuracy, 0, null, 0);
}
