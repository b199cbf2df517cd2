using Engram.Data;
using Engram.Files;

namespace Engram.Tasks.Tests.Tagging;

public sealed class SequenceTaggerTests
{
    private static readonly IReadOnlyList<TaggedSentence> _sentences = SequenceTagger.Read(Path.Combine(Repository.Root, "samples", "data", "names.txt"), features: [1]);

    private static TaggingOptions Small => new() { Units = [8], Embedding = 8, CharacterUnits = 4, Epochs = 2, Dropout = 0.1, LearningRate = 0.02, Patience = 0 };

    public static TheoryData<bool, CharacterReader, TagScheme?> Kinds => new()
    {
        { false, CharacterReader.None, null }, { true, CharacterReader.Recurrent, null }, { true, CharacterReader.Convolution, TagScheme.Bioes }, { false, CharacterReader.Recurrent, TagScheme.Bioes },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_loaded_tagger_gives_the_same_tags(bool crf, CharacterReader characters, TagScheme? scheme)
    {
        using var folder = new TemporaryFolder();
        SequenceTagger tagger = SequenceTagger.Train(_sentences, Small with { Crf = crf, Characters = characters, Scheme = scheme });
        tagger.Save(folder.File("m"));
        SequenceTagger loaded = SequenceTagger.Load(folder.File("m"));
        Assert.Equal(tagger.Tag(_sentences), loaded.Tag(_sentences));
        Assert.Equal(tagger.Report!.ToJson(), loaded.Report!.ToJson());
        Assert.Equal(tagger.Evaluate(_sentences).ToJson(), loaded.Evaluate(_sentences).ToJson());
        Assert.Equal(TagScheme.Bio, loaded.Scheme);
        Assert.All(loaded.Tag(_sentences).SelectMany(tags => tags), tag => Assert.Matches("^(O|[BI]-(PER|LOC|ORG))$", tag));
        Assert.IsType<SequenceTagger>(TaskModel.Load(folder.File("m")));
    }

    [Fact]
    public void It_learns_names()
    {
        SequenceTagger tagger = SequenceTagger.Train(_sentences, Small with { Crf = true, Epochs = 12, Average = 0.9 });
        Assert.True(tagger.Report!.Metrics.Test.F1 > 90, $"F1 {tagger.Report.Metrics.Test.F1}");
        Assert.Equal(tagger.Report.Metrics.Test.F1, tagger.Evaluate([.. _sentences.TakeLast(24)]).Metrics.F1);
        Assert.Equal(tagger.Report.Baselines.Majority.F1, tagger.Evaluate([.. _sentences.TakeLast(24)]).Baselines!.Majority.F1);
        Assert.Equal(tagger.Report.Verdict, tagger.Evaluate([.. _sentences.TakeLast(24)]).Verdict);
        Assert.Equal((86, 10, 24), (tagger.Report.Split.Train.Rows, tagger.Report.Split.Validation!.Rows, tagger.Report.Split.Test.Rows));
    }

    [Fact]
    public void Tags_do_not_depend_on_what_is_tagged_beside()
    {
        SequenceTagger tagger = SequenceTagger.Train(_sentences, Small with { Crf = true });
        IReadOnlyList<IReadOnlyList<string>> together = tagger.Tag(_sentences);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(together[i], tagger.Tag([_sentences[i]])[0]));
    }

    [Fact]
    public void Threads_and_seeds()
    {
        byte[][] models = [.. ((ReadOnlySpan<(int Threads, long Seed)>)[(1, 0), (3, 0), (1, 1)]).ToArray().Select(run =>
        {
            using Device device = Device.Cpu(run.Threads);
            SequenceTagger tagger = SequenceTagger.Train(_sentences, Small with { Crf = true, Epochs = 1, Seed = run.Seed }, device: device);
            return tagger.Model.Parameters.SelectMany(parameter => parameter.ToArray()).SelectMany(BitConverter.GetBytes).ToArray();
        })];
        Assert.Equal(models[0], models[1]);
        Assert.NotEqual(models[0], models[2]);
    }

    [Fact]
    public void A_tag_that_training_has_not_is_told_and_counts_as_missed()
    {
        TaggedSentence[] test = [new(["We", "saw", "Mars", "."], ["O", "O", "B-PLANET", "O"]) { Features = [["Xx", "x", "Xx", "."]] }];
        SequenceTagger tagger = SequenceTagger.Train(_sentences, Small with { Crf = true }, test);
        Assert.Contains("test part has tags that the training part has not, which are never found: B-PLANET", string.Join('\n', tagger.Report!.Data.Notes), StringComparison.Ordinal);
        Assert.Equal(0, tagger.Report.Metrics.Test.Recall);
        // in the validation part such a sentence is left out where the best epoch is chosen
        SequenceTagger.Train([.. _sentences, test[0]], Small with { Crf = true, Epochs = 1, Validation = 0.05 }, [.. _sentences.Take(3)]);
    }

    [Fact]
    public void Parts_of_speech_have_no_scheme()
    {
        TaggedSentence[] sentences = [.. _sentences.Select(sentence => new TaggedSentence(sentence.Tokens, sentence.Features[0]))];
        SequenceTagger tagger = SequenceTagger.Train(sentences, Small);
        Assert.Equal(TagScheme.None, tagger.Scheme);
        Assert.Equal(tagger.Report!.Metrics.Test.Accuracy, tagger.Report.Metrics.Test.F1);
        Assert.Equal(3, tagger.Tag(["We", "saw", "it"]).Count);
        Assert.Empty(tagger.Tag(Array.Empty<string>()));
        Assert.Contains("--scheme", Assert.Throws<InvalidOptionException>(() => SequenceTagger.Train(sentences, Small with { Scheme = TagScheme.Bioes })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strange_tokens_are_tagged()
    {
        SequenceTagger tagger = SequenceTagger.Train([.. _sentences.Select(sentence => new TaggedSentence(sentence.Tokens, sentence.Tags))], Small with { Crf = true, Epochs = 1 });
        string[] tokens = ["", "\u202Eabc", "😀", new string('x', 100_000), "e\u0301", "<pad>", "\0"];
        Assert.Equal(tokens.Length, tagger.Tag(tokens).Count);
        Assert.Equal(1500, tagger.Tag([.. Enumerable.Repeat("Tom", 1500)]).Count);
    }

    [Fact]
    public void What_does_not_serve_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new TaggedSentence([]));
        Assert.Throws<ArgumentException>(() => new TaggedSentence(["a"], ["X", "Y"]));
        Assert.Contains("too few", Assert.Throws<DataException>(() => SequenceTagger.Train([new TaggedSentence(["a"], ["X"])], Small)).Message, StringComparison.Ordinal);
        Assert.Contains("no tags", Assert.Throws<DataException>(() => SequenceTagger.Train([.. Enumerable.Repeat(new TaggedSentence(["a"]), 20)], Small)).Message, StringComparison.Ordinal);
        Assert.Contains("nothing to learn", Assert.Throws<DataException>(() => SequenceTagger.Train([.. Enumerable.Repeat(new TaggedSentence(["a"], ["O"]), 20)], Small)).Message, StringComparison.Ordinal);
        foreach (TaggingOptions options in (TaggingOptions[])[Small with { Embedding = 0 }, Small with { MinimumCount = 0 }, Small with { CharacterUnits = 0 }, Small with { Average = 1 }, Small with { Scheme = TagScheme.Iob1 }])
        {
            Assert.Throws<InvalidOptionException>(() => SequenceTagger.Train(_sentences, options));
        }
        SequenceTagger tagger = SequenceTagger.Train(_sentences, Small with { Epochs = 1 });
        Assert.Contains("1 further column", Assert.Throws<ArgumentException>(() => tagger.Tag(["a"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => tagger.Evaluate([]));
    }

    [Theory]
    [InlineData("\"tags\":[\"B-LOC\"", "\"tags\":[\"B-X\",\"B-LOC\"", "outputs")]
    [InlineData("\"tags\":[\"B-LOC\",\"B-ORG\"", "\"tags\":[\"B-LOC\",\"B-LOC\"", "twice")]
    [InlineData("\"words\":[", "\"words\":[\"extra\",", "words")]
    [InlineData("\"learnt\":\"bio\"", "\"learnt\":\"bilou\"", "damaged")]
    [InlineData("\"features\":[1]", "\"features\":[1,2]", "columns")]
    public void A_damaged_description_is_refused(string before, string after, string named)
    {
        using var folder = new TemporaryFolder();
        SequenceTagger.Train(_sentences, Small with { Epochs = 1 }).Save(folder.File("m"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("m"));
        string text = file.Metadata["engram"];
        Assert.Contains(before, text, StringComparison.Ordinal);
        SafeTensorsFile.Write(folder.File("bad"), [.. file.Tensors.Values], new Dictionary<string, string> { ["engram"] = text.Replace(before, after, StringComparison.Ordinal) });
        Assert.Contains(named, Assert.Throws<ModelFileException>(() => SequenceTagger.Load(folder.File("bad"))).Message, StringComparison.Ordinal);
    }
}
