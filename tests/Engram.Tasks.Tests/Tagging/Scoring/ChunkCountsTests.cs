namespace Engram.Tasks.Tests.Tagging.Scoring;

/// <summary>Counted by hand after the rules of the script.</summary>
public sealed class ChunkCountsTests
{
    [Fact]
    public void A_chunk_is_right_where_type_and_both_ends_are()
    {
        // All: NP 0-2, VP 2-3, NP 3-5. Found: NP 0-2 right, VP 2-3 right, NP 3-4 too short. 4 of 6 tokens right.
        TaggingMetrics metrics = Count(TagScheme.Bio, ("B-NP I-NP B-VP B-NP I-NP O", "B-NP I-NP B-VP B-NP O B-NP"));
        Assert.Equal(100 * 2 / 4.0, metrics.Precision, 1e-9); // the lonely NP at the end is a fourth
        Assert.Equal(100 * 2 / 3.0, metrics.Recall, 1e-9);
        Assert.Equal(100 * 4 / 7.0, metrics.F1, 1e-9);
        Assert.Equal(100 * 4 / 6.0, metrics.Accuracy, 1e-9);
        Assert.Equal((6, 3), (metrics.Tokens, metrics.Chunks));
        Assert.Equal(new ChunkMetrics(100, 100, 100, 1), metrics.ByType!["VP"]);
        Assert.Equal(100 / 3.0, metrics.ByType["NP"].Precision, 1e-9);
        Assert.Equal(50, metrics.ByType["NP"].Recall, 1e-9);
        Assert.Equal(40, metrics.ByType["NP"].F1, 1e-9);
    }

    [Fact]
    public void I_behind_O_and_a_change_of_type_begin_chunks()
    {
        // I-NP behind O begins: right though the tag is wrong. B-NP I-VP: an NP of one token, then a VP.
        TaggingMetrics metrics = Count(TagScheme.Bio, ("O B-NP I-NP O", "O I-NP I-NP O"), ("B-NP B-VP", "B-NP I-VP"));
        Assert.Equal((100.0, 100.0, 100.0), (metrics.Precision, metrics.Recall, metrics.F1));
        Assert.Equal(100 * 4 / 6.0, metrics.Accuracy, 1e-9);
    }

    [Fact]
    public void A_chunk_that_goes_on_too_far_is_wrong() => Assert.Equal(0, Count(TagScheme.Bio, ("B-NP I-NP O", "B-NP I-NP I-NP")).F1);

    [Fact]
    public void A_chunk_ends_with_its_sentence()
    {
        TaggingMetrics metrics = Count(TagScheme.Bio, ("O B-NP", "O B-NP"), ("I-NP O", "I-NP O"));
        Assert.Equal((100.0, 2L), (metrics.F1, metrics.Chunks));
    }

    [Fact]
    public void Nothing_found_or_nothing_there_is_0()
    {
        Assert.Equal((0.0, 0.0, 0.0), Scores(Count(TagScheme.Bio, ("B-NP O", "O O"))));
        Assert.Equal((0.0, 0.0, 0.0), Scores(Count(TagScheme.Bio, ("O O", "O B-NP"))));
        static (double, double, double) Scores(TaggingMetrics metrics) => (metrics.Precision, metrics.Recall, metrics.F1);
    }

    [Fact]
    public void Tags_that_stand_for_themselves_are_counted_token_by_token()
    {
        TaggingMetrics metrics = Count(TagScheme.None, ("NN VB DT NN", "NN VB NN NN"));
        Assert.Equal((75.0, 75.0, 75.0, 75.0), (metrics.Precision, metrics.Recall, metrics.F1, metrics.Accuracy));
        Assert.Null(metrics.ByType);
    }

    [Fact]
    public void The_majority_is_that_of_each_word_and_of_all_for_others()
    {
        MajorityTags majority = new([new TaggedSentence(["a", "a", "a", "b", "c", "c"], ["X", "Y", "Y", "Z", "Y", "X"])]);
        Assert.Equal(["Y", "Z", "X", "Y"], majority.Tag(["a", "b", "c", "new"])); // of c's equally frequent ones the first by name
        Assert.Equal(["Y", "Z", "X", "Y"], MajorityTags.Of(majority.ToDocument()).Tag(["a", "b", "c", "new"]));
        Assert.DoesNotContain("Y", majority.ToDocument().Words.Keys);
        Assert.Throws<FormatException>(() => MajorityTags.Of(new MajorityDocument("Y", new Dictionary<string, IReadOnlyList<string>> { ["X"] = ["a"], ["Z"] = ["a"] })));
        Assert.Throws<FormatException>(() => MajorityTags.Of(new MajorityDocument(null!, new Dictionary<string, IReadOnlyList<string>>())));
    }

    private static TaggingMetrics Count(TagScheme scheme, params (string Tags, string Predicted)[] sentences)
    {
        ChunkCounts counts = new(scheme);
        foreach ((string tags, string predicted) in sentences)
        {
            counts.Add(tags.Split(' '), predicted.Split(' '));
        }
        return counts.Metrics();
    }
}
