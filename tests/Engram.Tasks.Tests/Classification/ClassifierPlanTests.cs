using Engram.Data;

namespace Engram.Tasks.Tests.Classification;

public sealed class ClassifierPlanTests
{
    [Fact]
    public void Test_and_validation_have_the_classes_in_the_shares_of_the_whole_and_no_text_twice()
    {
        LabelledTexts texts = new([.. Enumerable.Range(0, 200).Select(i => $"text {i}")], [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? "rare" : "often")]);

        ClassifierPlan plan = ClassifierPlan.Make(texts, TestTexts.Quick with { Test = 0.25, Validation = 0.2 });

        Assert.Equal(["often", "rare"], plan.Classes);
        Assert.Equal((50, 30, 120), (plan.TestSamples.Length, plan.ValidationSamples.Length, plan.TrainingSamples.Length));
        Assert.Equal((5, 3), (RareIn(plan.TestSamples), RareIn(plan.ValidationSamples)));
        Assert.Equal([108, 12], plan.ClassCounts());
        Assert.Equal(Enumerable.Range(0, 200), plan.TestSamples.Concat(plan.ValidationSamples).Concat(plan.TrainingSamples).Order());
        Assert.Equal(plan.TestSamples, ClassifierPlan.Make(texts, TestTexts.Quick with { Test = 0.25, Validation = 0.2 }).TestSamples);
        Assert.NotEqual(plan.TestSamples, ClassifierPlan.Make(texts, TestTexts.Quick with { Test = 0.25, Validation = 0.2, Seed = 1 }).TestSamples);
        Assert.Contains(plan.Notes, note => note.Contains("often: 108, rare: 12", StringComparison.Ordinal) && note.Contains("--class-weights balanced", StringComparison.Ordinal));

        int RareIn(int[] samples) => samples.Count(sample => texts.Labels![sample] == "rare");
    }

    [Fact]
    public void Even_classes_are_not_called_uneven() => Assert.DoesNotContain(
        ClassifierPlan.Make(TestTexts.Separable(60, "a", "b"), TestTexts.Quick).Notes, note => note.Contains("uneven", StringComparison.Ordinal));

    [Fact]
    public void Texts_given_beside_are_what_is_scored_on()
    {
        LabelledTexts beside = TestTexts.Separable(10, "b", "a");

        ClassifierPlan plan = ClassifierPlan.Make(TestTexts.Separable(60, "a", "b"), TestTexts.Quick with { TestTexts = beside });

        Assert.Equal(Enumerable.Range(0, 10), plan.TestSamples);
        Assert.Equal([1, 0, 1, 0, 1, 0, 1, 0, 1, 0], plan.TestLabels);
        Assert.Equal(60, plan.TrainingSamples.Length + plan.ValidationSamples.Length);
        Assert.Equal(70, plan.DataReport().Rows);
    }

    [Fact]
    public void Texts_to_score_on_that_were_trained_on_are_counted()
    {
        string[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "a" : "b")];
        LabelledTexts texts = new([.. labels.Select((_, i) => $"text {i}")], labels);

        ClassifierPlan plan = ClassifierPlan.Make(texts, TestTexts.Quick with { TestTexts = new LabelledTexts(["text 3", "new", "text 3", "text 3 "], ["b", "a", "b", "b"]) });

        Assert.Equal(2, plan.Split().TestSeen);
        Assert.Contains("2 of the 4 test texts (50.0%) stand word for word in the training or validation part too, so the scores are too good.", plan.Notes);
        Assert.Equal(20, ClassifierPlan.Make(texts, TestTexts.Quick with { TestTexts = texts }).Split().TestSeen);
        Assert.Null(ClassifierPlan.Make(texts, TestTexts.Quick).Split().TestSeen);
    }

    public static TheoryData<string[], string[]?, string> Faults => new()
    {
        { ["x", "y"], null, "no labels" },
        { [], [], "no texts to train on" },
        { ["x", "y", "z"], ["spam", "spam", "spam"], "All 3 texts have the label «spam»" },
        { ["x"], ["spam"], "The only text has the label «spam»" },
        { ["x", "y", "z"], ["1", "2", "3"], "No label occurs twice among 3 texts" },
        { [.. Labels(2002)], [.. Labels(2002)], "The 2,002 texts have 1,001 different labels, such as «0» and «1»; a classifier tells at most 1,000 apart" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Texts_that_no_classes_can_be_learnt_from_are_refused(string[] texts, string[]? labels, string words) =>
        Assert.Contains(words, Assert.Throws<DataException>(() => ClassifierPlan.Make(new LabelledTexts(texts, labels), TestTexts.Quick)).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Labels(int count) => Enumerable.Range(0, count).Select(i => $"{i / 2}");

    [Fact]
    public void Too_few_texts_to_validate_on_are_told_with_the_remedy()
    {
        LabelledTexts texts = new(["a", "b", "c", "d"], ["x", "x", "y", "y"]);

        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => ClassifierPlan.Make(texts, TestTexts.Quick));

        Assert.Equal("--validation", error.Option);
        Assert.Contains("or 0 for none", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, ClassifierPlan.Make(texts, TestTexts.Quick with { Validation = 0 }).TrainingSamples.Length);
    }

    [Fact]
    public void A_test_label_that_training_never_saw_is_told_with_its_place()
    {
        LabelledTexts beside = new(["x", "y"], ["a", "c"]);

        DataException error = Assert.Throws<DataException>(
            () => ClassifierPlan.Make(TestTexts.Separable(60, "a", "b"), TestTexts.Quick with { TestTexts = beside }));

        Assert.Contains("text 2: the label «c» was never seen in training; there are «a», «b»", error.Message, StringComparison.Ordinal);
        Assert.Contains("no texts to score on", Assert.Throws<DataException>(() =>
            ClassifierPlan.Make(TestTexts.Separable(60, "a", "b"), TestTexts.Quick with { TestTexts = new LabelledTexts([], []) })).Message, StringComparison.Ordinal);
    }
}
