namespace Engram.Tests.Metrics;

/// <summary>Metrics by hand, in one batch and in several, with steps masked.</summary>
public sealed class MetricTests
{
    [Fact]
    public void A_row_of_pairs_of_tags_is_all_of_a_step()
    {
        float[] pairs = [.. Enumerable.Range(0, 2 * 3 * 2 * 2).Select(i => (float)i)];
        var batch = new MetricBatch(pairs, new Shape(2, 3, 2, 2), [0, 1, 0, 1, 1, 0], SequenceMask.FromLengths([3, 2], 3));
        Assert.Equal((6, 4, 1, 3), (batch.Rows, batch.Columns, batch.TargetColumns, batch.RowsPerSample));
        Assert.Equal([16f, 17, 18, 19], batch.Predicted(4).ToArray());
        Assert.Equal(pairs[12..], batch.PredictedSample(1).ToArray());
        Assert.Equal(1, batch.Target(4)[0]);
        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(0, 6).Select(row => new MetricBatch(pairs, new Shape(2, 3, 2, 2), new float[6], SequenceMask.FromLengths([3, 2], 3)).IsReal(row)));
    }

    [Fact]
    public void Errors_of_elements()
    {
        // errors 1, −2, 3
        float[] predicted = [2, 2, 3], target = [1, 4, 0];
        Assert.Equal(2, Result(Metric.MeanAbsoluteError, predicted, target, 3, 1), 1e-12);
        Assert.Equal(Math.Sqrt(14.0 / 3), Result(Metric.RootMeanSquaredError, predicted, target, 3, 1), 1e-12);
        Assert.Equal((100 + 50) / 2.0, Result(Metric.MeanAbsolutePercentageError, predicted, target, 3, 1), 1e-12);
        Assert.Equal((200.0 / 3 + 400.0 / 6 + 200) / 3, Result(Metric.SymmetricMeanAbsolutePercentageError, predicted, target, 3, 1), 1e-12);
        Assert.Equal(4, Result(Metric.MeanAbsoluteScaledError(0.5), predicted, target, 3, 1), 1e-12);
    }

    [Fact]
    public void A_symmetric_percentage_is_0_where_both_are() => Assert.Equal(0, Result(Metric.SymmetricMeanAbsolutePercentageError, [0], [0], 1, 1));

    [Fact]
    public void R_squared()
    {
        // mean 2: residuals 1 + 0 + 1, total 1 + 0 + 1
        Assert.Equal(0, Result(Metric.RSquared, [2, 2, 2], [1, 2, 3], 3, 1), 1e-12);
        Assert.Equal(1, Result(Metric.RSquared, [1, 2, 3], [1, 2, 3], 3, 1), 1e-12);
        Assert.True(double.IsNaN(Result(Metric.RSquared, [1, 2], [5, 5], 2, 1)));
    }

    [Fact]
    public void R_squared_of_several_outputs_is_the_mean_over_them() => Assert.Equal(
        // first output: 0 as above; second: targets 2, 4, 9, mean 5, total 26, residuals 0 + 0 + 1
        (0 + 1 - 1.0 / 26) / 2, Result(Metric.RSquared, [2, 2, 2, 4, 2, 8], [1, 2, 2, 4, 3, 9], 3, 2), 1e-12);

    [Fact]
    public void Accuracies()
    {
        Assert.Equal(0.75, Result(Metric.BinaryAccuracy(), [0.6f, 0.5f, 0.2f, 0.9f], [1, 0, 1, 1], 4, 1));
        Assert.Equal(0.75, Result(Metric.BinaryAccuracy(0), [0.6f, -0.5f, -0.2f, 0.9f], [1, 0, 1, 1], 2, 2));
        float[] scores = [0.1f, 0.7f, 0.2f, 5, 1, 1, 0, 0, 0];
        Assert.Equal(2.0 / 3, Result(Metric.SparseCategoricalAccuracy, scores, [1, 0, 2], 3, 3), 1e-12);
        Assert.Equal(2.0 / 3, Result(Metric.CategoricalAccuracy, scores, [0, 1, 0, 1, 0, 0, 0, 0, 1], 3, 3), 1e-12);
    }

    [Fact]
    public void Precision_recall_and_f1_of_a_yes()
    {
        // predicted yes: 1, 2, 3; actual yes: 1, 2, 4, 5 → TP 2, FP 1, FN 2
        float[] predicted = [0.9f, 0.8f, 0.7f, 0.1f, 0.2f, 0.3f], target = [1, 1, 0, 1, 1, 0];
        Assert.Equal(2.0 / 3, Result(Metric.Precision(), predicted, target, 6, 1), 1e-12);
        Assert.Equal(0.5, Result(Metric.Recall(), predicted, target, 6, 1), 1e-12);
        Assert.Equal(4.0 / 7, Result(Metric.F1(), predicted, target, 6, 1), 1e-12);
        Assert.Equal(1, Result(Metric.Precision(threshold: 0.75), predicted, target, 6, 1), 1e-12);
        // the same as two classes
        float[] two = [.. predicted.SelectMany(p => (float[])[1 - p, p])];
        Assert.Equal(4.0 / 7, Result(Metric.F1(), two, target, 6, 2), 1e-12);
    }

    [Fact]
    public void Nothing_found_is_a_score_of_0_and_nothing_measured_none()
    {
        Assert.Equal(0, Result(Metric.Precision(), [0.1f, 0.1f], [1, 0], 2, 1));
        Assert.Equal(0, Result(Metric.Recall(), [0.9f, 0.1f], [0, 0], 2, 1));
        Assert.Equal(0, Result(Metric.F1(), [0.1f], [0], 1, 1));
        Metric[] all =
        [
            Metric.F1(), Metric.F1(ClassAverage.Macro), Metric.RocAuc, Metric.Perplexity(), Metric.RSquared, Metric.MeanAbsoluteError,
            Metric.BinaryAccuracy(), Metric.SparseCategoricalAccuracy, Metric.MeanAbsolutePercentageError,
        ];
        Assert.All(all, metric => Assert.True(double.IsNaN(metric.Start().Result()), metric.Name));
    }

    [Fact]
    public void Macro_and_micro_averages()
    {
        // actual 0 0 0 1 1 2, predicted 0 0 1 1 0 1; class 3 occurs nowhere
        float[] predicted = OneHot([0, 0, 1, 1, 0, 1], 4), target = [0, 0, 0, 1, 1, 2];
        // precision 2/3, 1/3, 0; recall 2/3, 1/2, 0; F1 2/3, 2/5, 0
        Assert.Equal((2.0 / 3 + 1.0 / 3) / 3, Result(Metric.Precision(ClassAverage.Macro), predicted, target, 6, 4), 1e-12);
        Assert.Equal((2.0 / 3 + 1.0 / 2) / 3, Result(Metric.Recall(ClassAverage.Macro), predicted, target, 6, 4), 1e-12);
        Assert.Equal((2.0 / 3 + 2.0 / 5) / 3, Result(Metric.F1(ClassAverage.Macro), predicted, target, 6, 4), 1e-12);
        Assert.Equal(0.5, Result(Metric.F1(ClassAverage.Micro), predicted, target, 6, 4), 1e-12);
        Assert.Equal(0.5, Result(Metric.Precision(ClassAverage.Micro), predicted, OneHot([0, 0, 0, 1, 1, 2], 4), 6, 4), 1e-12);
        Assert.Equal("macro_f1", Metric.F1(ClassAverage.Macro).Name);
    }

    [Fact]
    public void Area_under_the_curve()
    {
        // yes 0.35, 0.8; no 0.1, 0.4: of four pairs three in order
        Assert.Equal(0.75, Result(Metric.RocAuc, [0.1f, 0.4f, 0.35f, 0.8f], [0, 0, 1, 1], 4, 1), 1e-12);
        // ties count half: (0.5 + 1 + 0 + 0.5) / 4
        Assert.Equal(0.5, Result(Metric.RocAuc, [0.4f, 0.7f, 0.4f, 0.7f], [0, 0, 1, 1], 4, 1), 1e-12);
        Assert.Equal(0.625, Result(Metric.RocAuc, [0.1f, 0.4f, 0.4f, 0.3f], [0, 0, 1, 1], 4, 1), 1e-12);
        Assert.Equal(0.5, Result(Metric.RocAuc, [1, 1, 1], [1, 0, 0], 3, 1), 1e-12);
        Assert.True(double.IsNaN(Result(Metric.RocAuc, [1, 2], [1, 1], 2, 1)));
        Assert.True(double.IsNaN(Result(Metric.RocAuc, [1, float.NaN], [1, 0], 2, 1)));
    }

    [Fact]
    public void Area_under_the_curve_is_the_share_of_pairs_in_order()
    {
        var random = new RandomStream(4);
        float[] scores = [.. Enumerable.Range(0, 400).Select(i => MathF.Round(20 * random.Uniform(i)))];
        float[] targets = [.. Enumerable.Range(0, 400).Select(i => random.Uniform(1000 + i) < 0.3 ? 1f : 0f)];
        (float Score, float Target)[] rows = [.. scores.Zip(targets)];
        double expected = (from yes in rows where yes.Target == 1 from no in rows where no.Target == 0
            select yes.Score > no.Score ? 1 : yes.Score == no.Score ? 0.5 : 0).Average();
        Assert.Equal(expected, Result(Metric.RocAuc, scores, targets, 400, 1), 1e-12);
    }

    [Fact]
    public void Perplexity()
    {
        // p = ¼ and ½: exp(½ (ln 4 + ln 2)) = √8
        float[] logits = [0, MathF.Log(2), MathF.Log(5), 0, 0, float.NegativeInfinity];
        Assert.Equal(Math.Sqrt(8), Result(Metric.Perplexity(), logits, [1, 0], 2, 3), 1e-6);
        Assert.Equal(Math.Sqrt(8), Result(Metric.Perplexity(fromProbabilities: true), [0.125f, 0.25f, 0.625f, 0.5f, 0.5f, 0], [1, 0], 2, 3), 1e-6);
        Assert.Equal(4, Result(Metric.Perplexity(), [7, 7, 7, 7], [3], 1, 4), 1e-9);
        // the same with a probability for each class, and of many classes: 3000 alike, and one of e times their odds
        Assert.Equal(Math.Sqrt(8), Result(Metric.Perplexity(), logits, [0, 1, 0, 1, 0, 0], 2, 3), 1e-6);
        Assert.Equal(3000 / Math.E + 1, Result(Metric.Perplexity(), [.. Enumerable.Repeat(-50f, 3000), -49], [3000], 1, 3001), 1e-6);
    }

    [Fact]
    public void Batches_and_masks_change_nothing_but_what_counts()
    {
        Metric[] metrics =
        [
            Metric.MeanAbsoluteError, Metric.RSquared, Metric.SymmetricMeanAbsolutePercentageError, Metric.BinaryAccuracy(), Metric.F1(), Metric.RocAuc,
        ];
        float[] predicted = [.. Enumerable.Range(0, 12).Select(i => new RandomStream(1).Uniform(i))], target = [0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0];
        bool[] pattern = [true, false, true, true, false, false, false, false, true, true, true, true];
        int[] real = [.. Enumerable.Range(0, 12).Where(i => pattern[i])];
        foreach (Metric metric in metrics)
        {
            double expected = Result(metric, [.. real.Select(i => predicted[i])], [.. real.Select(i => target[i])], real.Length, 1);
            Metric.IAccumulator parts = metric.Start();
            parts.Add(new MetricBatch(predicted.AsSpan(0, 8), new Shape(2, 4, 1), target.AsSpan(0, 8), SequenceMask.FromPattern(pattern.AsSpan(0, 8), 2, 4)));
            parts.Add(new MetricBatch(predicted.AsSpan(8, 4), new Shape(1, 4), target.AsSpan(8, 4), SequenceMask.FromLengths([4], 4)));
            Assert.Equal(expected, parts.Result(), 1e-12);
        }
    }

    [Fact]
    public void Rows_that_a_metric_makes_nothing_of_are_refused()
    {
        Assert.Contains("mean_absolute_error", Assert.Throws<ShapeException>(() => Result(Metric.MeanAbsoluteError, [1, 2, 3, 4], [1, 2], 2, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("roc_auc", Assert.Throws<ShapeException>(() => Result(Metric.RocAuc, [1, 2, 3], [1], 1, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("is 3", Assert.Throws<ArgumentException>(() => Result(Metric.SparseCategoricalAccuracy, [1, 2, 3], [3], 1, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new MetricBatch([1, 2, 3], new Shape(3, 1), [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.MeanAbsoluteScaledError(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.BinaryAccuracy(double.NaN));
    }

    [Fact]
    public void A_model_measures_metrics_of_another_size_than_its_output()
    {
        var model = new Sequential(new Dense(3));
        model.Compile(new Adam(0.05), Loss.SparseCategoricalCrossEntropy(), Metric.SparseCategoricalAccuracy, Metric.Perplexity());
        Tensor x = Tensor.Normal(new RandomStream(1), 60, 2);
        float[] values = x.ToArray();
        Tensor y = Tensor.From([.. Enumerable.Range(0, 60).Select(i => values[2 * i] > 0.5f ? 2f : values[2 * i + 1] > 0 ? 1f : 0f)], 60);
        model.Fit(x, y, new() { Epochs = 60, BatchSize = 16 });
        IReadOnlyDictionary<string, double> result = model.Evaluate(x, y, batchSize: 7);
        Assert.InRange(result["sparse_categorical_accuracy"], 0.9, 1);
        Assert.Equal(Math.Exp(result["loss"]), result["perplexity"], 1e-4);
    }

    [Fact]
    public void Metrics_of_one_name_are_refused_since_results_go_by_name()
    {
        var model = new Sequential(new Dense(1));
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            model.Compile(new Adam(), Loss.BinaryCrossEntropy(), Metric.F1(threshold: 0), Metric.RocAuc, Metric.F1(threshold: 1)));
        Assert.Contains("«f1»", error.Message, StringComparison.Ordinal);
        model.Compile(new Adam(), Loss.BinaryCrossEntropy(), Metric.F1(threshold: 0), Metric.RocAuc);
    }

    [Fact]
    public void Metrics_read_predictions_as_the_loss_does()
    {
        Metric[] metrics = [Metric.BinaryAccuracy(), Metric.Precision(), Metric.Recall(), Metric.F1(), Metric.RocAuc];
        Tensor x = Tensor.Normal(new RandomStream(1), 50, 3), y = Tensor.From([.. Enumerable.Range(0, 50).Select(i => i % 3 == 0 ? 1f : 0f)], 50, 1);
        IReadOnlyDictionary<string, double> logits = Scores(new Dense(1), Loss.BinaryCrossEntropy(), y, metrics);
        IReadOnlyDictionary<string, double> probabilities = Scores(new Dense(1, Activation.Sigmoid), Loss.BinaryCrossEntropy(new() { FromProbabilities = true }), y, metrics);
        Assert.InRange(logits["recall"], 0.3, 0.9);
        Assert.All(logits, item => Assert.Equal(item.Value, probabilities[item.Key], 1e-5));
        // a threshold that is given holds
        Assert.NotEqual(logits["f1"], Scores(new Dense(1), Loss.BinaryCrossEntropy(), y, Metric.F1(threshold: 0.5))["f1"]);

        Tensor ids = Tensor.From([.. Enumerable.Range(0, 50).Select(i => (float)(i % 3))], 50);
        double ofLogits = Scores(new Dense(3), Loss.SparseCategoricalCrossEntropy(), ids, Metric.Perplexity())["perplexity"];
        CrossEntropyOptions fromProbabilities = new() { FromProbabilities = true };
        Assert.Equal(ofLogits, Scores(new Dense(3, Activation.Softmax), Loss.SparseCategoricalCrossEntropy(fromProbabilities), ids, Metric.Perplexity())["perplexity"], 1e-4);

        IReadOnlyDictionary<string, double> Scores(Dense last, Loss loss, Tensor target, params Metric[] metrics)
        {
            var model = new Sequential(last);
            model.Compile(new Adam(), loss, metrics);
            model.Build(new Shape(3), seed: 5);
            return model.Evaluate(x, target, batchSize: 20);
        }
    }

    [Fact]
    public void Each_output_of_a_graph_is_read_as_its_own_loss_does()
    {
        Node x = Node.Input(3);
        var graph = new Graph([x], [new Dense(1).Of(x), new Dense(1, Activation.Sigmoid).Of(x)]);
        graph.Compile(new Adam(), [Loss.BinaryCrossEntropy(), Loss.BinaryCrossEntropy(new() { FromProbabilities = true })], metrics: Metric.BinaryAccuracy());
        graph.Build(seed: 5);
        graph.Layers[1].Parameters[0].Set(graph.Layers[0].Parameters[0].ToArray());
        Tensor y = Tensor.From([.. Enumerable.Range(0, 50).Select(i => i % 3 == 0 ? 1f : 0f)], 50, 1);
        IReadOnlyDictionary<string, double> scores = graph.Evaluate([Tensor.Normal(new RandomStream(1), 50, 3)], [y, y]);
        Assert.InRange(scores["dense_binary_accuracy"], 0.2, 0.8);
        Assert.Equal(scores["dense_binary_accuracy"], scores["dense_1_binary_accuracy"]);
    }

    private static double Result(Metric metric, float[] predicted, float[] target, int rows, int columns)
    {
        Metric.IAccumulator accumulator = metric.Start();
        accumulator.Add(new MetricBatch(predicted, new Shape(rows, columns), target));
        return accumulator.Result();
    }

    private static float[] OneHot(int[] ids, int classes) => [.. ids.SelectMany(id => Enumerable.Range(0, classes).Select(k => k == id ? 1f : 0f))];
}
