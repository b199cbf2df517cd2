using Engram.Tests.Autograd;
using Engram.Training;

namespace Engram.Tests.Layers;

/// <summary>The layer, its loss and the paths found in what it puts out, against all paths gone through one by one.</summary>
public sealed class ConditionalRandomFieldTests
{
    public static TheoryData<int, int, int, bool> Sizes { get; } = new()
    {
        { 1, 1, 1, false }, { 1, 1, 3, false }, { 2, 2, 1, false }, { 2, 3, 2, false }, { 3, 5, 3, false },
        { 5, 1, 3, true }, { 5, 4, 1, true }, { 5, 5, 3, true }, { 10, 4, 5, true },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_loss_is_that_of_all_paths(int batch, int steps, int tags, bool masked)
    {
        (Tensor potentials, Tensor paths, SequenceMask? mask) = Problem(batch, steps, tags, masked);
        double expected = 0;
        long real = 0;
        for (int row = 0; row < batch; row++)
        {
            int[] at = Real(mask, row, steps);
            real += at.Length;
            expected += at.Length == 0 ? 0 : LogSum(AllPaths(at.Length, tags).Select(path => Score(potentials, row, at, path)))
                - Score(potentials, row, at, [.. at.Select(t => (int)paths[row, t])]);
        }
        Assert.Equal(expected / real, LossOf(potentials, paths, mask), 1e-6 * Math.Max(1, expected));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Viterbi_finds_the_best_of_all_paths(int batch, int steps, int tags, bool masked)
    {
        (Tensor potentials, _, SequenceMask? mask) = Problem(batch, steps, tags, masked);
        TagPath[] found = Viterbi.Decode(potentials, mask);
        for (int row = 0; row < batch; row++)
        {
            int[] at = Real(mask, row, steps);
            int[] best = AllPaths(at.Length, tags).MaxBy(path => Score(potentials, row, at, path))!;
            Assert.Equal(best, at.Select(t => found[row].Tags[t]));
            Assert.All(Enumerable.Range(0, steps).Except(at), t => Assert.Equal(-1, found[row].Tags[t]));
            Assert.Equal(Score(potentials, row, at, best), found[row].Score, 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Marginals_are_the_shares_of_all_paths(int batch, int steps, int tags, bool masked)
    {
        (Tensor potentials, _, SequenceMask? mask) = Problem(batch, steps, tags, masked);
        Tensor marginals = Viterbi.Marginals(potentials, mask);
        for (int row = 0; row < batch; row++)
        {
            int[] at = Real(mask, row, steps);
            (int[] Path, double Weight)[] all = [.. AllPaths(at.Length, tags).Select(path => (path, Math.Exp(Score(potentials, row, at, path))))];
            double sum = all.Sum(path => path.Weight);
            for (int t = 0; t < steps; t++)
            {
                int place = Array.IndexOf(at, t);
                for (int tag = 0; tag < tags; tag++)
                {
                    Assert.Equal(place < 0 ? 0 : all.Where(path => path.Path[place] == tag).Sum(path => path.Weight) / sum, marginals[row, t, tag], 1e-5);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradients_of_layer_and_loss(int batch, int steps, int tags, bool masked)
    {
        if (tags == 1)
        {
            return; // the only path has probability 1 whatever the scores: see below
        }
        using Device device = GradientCheck.DoubleDevice();
        (_, Tensor paths, SequenceMask? mask) = Problem(batch, steps, tags, masked);
        var crf = new ConditionalRandomField();
        var model = new Sequential(crf) { Device = device };
        model.Build(new Shape(steps, tags));
        GradientCheck.Perturb(model);
        GradientCheck.Weights(model, (pass, x) => Loss.ConditionalRandomField.Apply(pass, model.Forward(pass, pass.Masked(x[0], mask)), paths), new Shape(batch, steps, tags));
        GradientCheck.Weights(model, (pass, x) => GradientCheck.Project(pass, model.Forward(pass, pass.Masked(x[0], mask))), new Shape(batch, steps, tags));
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Gradients_in_every_tier(int bits)
    {
        using Device device = GradientCheck.DoubleDevice(Tiers.Require(bits));
        foreach (int tags in (int[])[2, 7, 8, 9, 17])
        {
            (_, Tensor paths, SequenceMask? mask) = Problem(4, 6, tags, masked: true);
            var model = new Sequential(new Dense(tags), new ConditionalRandomField()) { Device = device };
            GradientCheck.Model(model, (pass, x) => Loss.ConditionalRandomField.Apply(pass, model.Forward(pass, pass.Masked(x[0], mask)), paths), new Shape(4, 6, 3));
        }
    }

    [Fact]
    public void One_tag_costs_nothing()
    {
        (Tensor potentials, Tensor paths, _) = Problem(2, 4, 1, masked: false);
        Assert.Equal(0, LossOf(potentials, paths, null), 1e-6);
    }

    [Fact]
    public void A_masked_sequence_is_its_real_steps_alone()
    {
        SequenceMask mask = MaskPatterns.Mixed(5, 7);
        var model = new Sequential(new ConditionalRandomField());
        model.Build(new Shape(7, 4));
        GradientCheck.Perturb(model);
        Tensor x = Tensor.Normal(new RandomStream(3), 5, 7, 4);
        TagPath[] together = Viterbi.Decode(model.Predict(x, mask), mask);
        for (int row = 0; row < 5; row++)
        {
            if (mask.Lengths[row] > 0)
            {
                TagPath alone = Viterbi.Decode(model.Predict(MaskPatterns.Alone(x, mask, row)))[0];
                Assert.Equal(alone.Tags, together[row].Tags.Where(tag => tag >= 0));
                Assert.Equal(alone.Score, together[row].Score, 1e-5);
            }
        }
    }

    [Fact]
    public void Scores_moved_by_a_constant_change_no_probability()
    {
        (Tensor potentials, Tensor paths, SequenceMask? mask) = Problem(5, 6, 4, masked: true);
        Tensor moved = Tensor.From([.. potentials.ToArray().Select(value => value + 3)], 5, 6, 4, 4);
        Assert.Equal(LossOf(potentials, paths, mask), LossOf(moved, paths, mask), 1e-5);
        Assert.All(
            Viterbi.Marginals(potentials, mask).ToArray().Zip(Viterbi.Marginals(moved, mask).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Long_sequences_and_large_scores_stay_exact()
    {
        // All scores alike: log Z − s = steps · log tags, whatever they are, so that the mean is log tags; 40 · 20,000 would overflow any exponential.
        Tensor potentials = Tensor.From([.. Enumerable.Repeat(40f, 20_000 * 9)], 1, 20_000, 3, 3);
        Assert.Equal(Math.Log(3), LossOf(potentials, Tensor.Zeros(1, 20_000), null), 1e-6);
        Tensor marginals = Viterbi.Marginals(potentials);
        Assert.All(marginals.ToArray(), p => Assert.Equal(1 / 3f, p, 1e-4f));

        // One path far above the others.
        float[] steep = new float[500 * 9];
        for (int t = 0; t < 500; t++)
        {
            steep[t * 9 + (t == 0 ? 2 : 8)] = 1000;
        }
        TagPath path = Viterbi.Decode(Tensor.From(steep, 1, 500, 3, 3))[0];
        Assert.All(path.Tags, tag => Assert.Equal(2, tag));
        Assert.Equal(500_000, path.Score);
        Assert.Equal(0, LossOf(Tensor.From(steep, 1, 500, 3, 3), Tensor.From([.. Enumerable.Repeat(2f, 500)], 1, 500), null), 1e-6);
    }

    [Fact]
    public void Rules_are_kept_where_a_path_can()
    {
        // Tags O, B, I. The best path free of rules begins with I.
        var rules = new TagRules(3, (before, tag) => tag != 2 || before > 0, tag => tag != 2, tag => tag != 1);
        Tensor potentials = Tensor.From([0, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 4, 0, 0, 3], 1, 2, 3, 3);
        Assert.Equal([2, 2], Viterbi.Decode(potentials)[0].Tags);
        TagPath ruled = Viterbi.Decode(potentials, null, rules)[0];
        Assert.Equal([1, 2], ruled.Tags);
        Assert.Equal(5, ruled.Score);
        Assert.Equal(double.NegativeInfinity, Viterbi.Decode(potentials, null, new TagRules(3, (_, _) => false))[0].Score);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        (Tensor potentials, Tensor paths, SequenceMask? mask) = Problem(300, 9, 6, masked: true);
        (float, float[])[] results = [.. ((int[])[1, 2, 5]).Select(threads =>
        {
            using Device device = Device.Cpu(threads);
            var model = new Sequential(new ConditionalRandomField()) { Device = device };
            model.Build(new Shape(9, 6));
            GradientCheck.Perturb(model);
            return model.Run(
                pass =>
                {
                    Tensor x = pass.Input(Tensor.Normal(new RandomStream(4), 300, 9, 6));
                    pass.Watch(x);
                    Tensor loss = Loss.ConditionalRandomField.Apply(pass, model.Forward(pass, pass.Masked(x, mask)), paths);
                    pass.Backward(loss);
                    return (loss.ToScalar(), (float[])[.. pass.GradientToArray(x), .. model.Parameters.SelectMany(parameter => parameter.GradientToArray()!)]);
                },
                training: true);
        })];
        Assert.All(results, result => Assert.Equal(results[0].Item1, result.Item1));
        Assert.All(results, result => Assert.Equal(results[0].Item2, result.Item2));
    }

    [Fact]
    public void A_tagger_learns_what_only_transitions_tell_and_is_saved_whole()
    {
        // Tag 1 where the input is 1, but tag 2 instead right after a tag 1: no step's input alone tells it.
        const int samples = 64, steps = 8;
        var random = new RandomStream(5);
        float[] x = new float[samples * steps], y = new float[samples * steps];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = random.Bits(i) % 2;
            y[i] = x[i] == 0 ? 0 : i % steps > 0 && y[i - 1] == 1 ? 2 : 1;
        }
        Tensor inputs = Tensor.From(x, samples, steps, 1);
        var model = new Sequential(new Dense(3), new ConditionalRandomField());
        model.Compile(new Adam(0.1), Loss.ConditionalRandomField);
        History history = model.Fit(inputs, Tensor.From(y, samples, steps), new FitOptions { Epochs = 30, BatchSize = 16 });
        Assert.True(history.Epochs[^1].Loss < 0.05, $"loss {history.Epochs[^1].Loss}");
        TagPath[] paths = Viterbi.Decode(model.Predict(inputs));
        Assert.Equal(y.Select(tag => (int)tag), paths.SelectMany(path => path.Tags));

        using var folder = new TemporaryFolder();
        model.Save(folder.File("m"));
        Assert.Equal(model.Predict(inputs).ToArray(), Sequential.Load(folder.File("m")).Predict(inputs).ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("ConditionalRandomField", Assert.Throws<ShapeException>(() => LossOf(Tensor.Zeros(2, 3, 4), Tensor.Zeros(2, 3), null)).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3]", Assert.Throws<ShapeException>(() => LossOf(Tensor.Zeros(2, 3, 4, 4), Tensor.Zeros(2, 4), null)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "sample 1, step 2", Assert.Throws<ArgumentException>(() => LossOf(Tensor.Zeros(2, 3, 4, 4), Tensor.From([0, 1, 2, 3, 0, 4], 2, 3), null)).Message, StringComparison.Ordinal);
        Assert.Equal(Math.Log(4), LossOf(Tensor.Zeros(2, 3, 4, 4), Tensor.From([0, 1, 2, 3, 0, -1], 2, 3), SequenceMask.FromLengths([3, 2], 3)), 1e-6);
        Assert.Throws<ShapeException>(() => Viterbi.Decode(Tensor.Zeros(2, 3, 4)));
        Assert.Throws<ShapeException>(() => Viterbi.Marginals(Tensor.Zeros(2, 3, 4, 4), SequenceMask.FromLengths([1], 3)));
        Assert.Throws<ShapeException>(() => Viterbi.Decode(Tensor.Zeros(2, 3, 4, 4), null, new TagRules(3, (_, _) => true)));
        Assert.Contains("whole sequence", Assert.Throws<InvalidOperationException>(() =>
        {
            var model = new Sequential(new ConditionalRandomField());
            model.Build(new Shape(2, 2));
            model.Stream();
        }).Message, StringComparison.Ordinal);
    }

    private static (Tensor Potentials, Tensor Paths, SequenceMask? Mask) Problem(int batch, int steps, int tags, bool masked)
    {
        var random = new RandomStream(7);
        float[] paths = [.. Enumerable.Range(0, batch * steps).Select(i => (float)(random.Bits(i) % tags))];
        return (Tensor.Normal(new RandomStream(8), batch, steps, tags, tags), Tensor.From(paths, batch, steps), masked ? MaskPatterns.Mixed(batch, steps) : null);
    }

    private static double LossOf(Tensor potentials, Tensor paths, SequenceMask? mask) => new Sequential(new Dense(1)).Run(pass =>
        (double)Loss.ConditionalRandomField.Apply(pass, pass.Masked(potentials, mask), paths).ToScalar());

    private static int[] Real(SequenceMask? mask, int row, int steps) => mask is null ? [.. Enumerable.Range(0, steps)] : mask.RealSteps(row).ToArray();

    private static IEnumerable<int[]> AllPaths(int steps, int tags)
    {
        for (int number = 0; number < Math.Pow(tags, steps); number++)
        {
            int[] path = new int[steps];
            for (int t = 0, rest = number; t < steps; t++, rest /= tags)
            {
                path[t] = rest % tags;
            }
            yield return path;
        }
    }

    private static double Score(Tensor potentials, int row, int[] at, int[] path) =>
        path.Select((tag, n) => (double)potentials[row, at[n], n == 0 ? 0 : path[n - 1], tag]).Sum();

    private static double LogSum(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double largest = all.Max();
        return largest + Math.Log(all.Sum(value => Math.Exp(value - largest)));
    }
}
