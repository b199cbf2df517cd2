using Engram.Tests.Autograd;

namespace Engram.Tests.Layers;

/// <summary>Ids that stand more than once in a batch, which recurrent layers multiply once.</summary>
public sealed class RepeatedIdsTests
{
    public static TheoryData<string> ReadersOfVectors => ["lstm", "lstm, masked", "lstm, all states", "both ways", "backwards, projected", "layer norm", "gru", "gru, reset before", "rnn", "zoneout"];

    [Theory]
    [MemberData(nameof(ReadersOfVectors))]
    public void Gradients_where_ids_stand_more_than_once(string reader)
    {
        using Device device = GradientCheck.DoubleDevice();
        Sequential model = Repeating(reader, device);
        GradientCheck.Model(model, (pass, _) => GradientCheck.Project(pass, model.Forward(pass, Ids(4, 7, 6))), new Shape(4, 7));
    }

    [Theory]
    [MemberData(nameof(ReadersOfVectors))]
    public void Ids_that_stand_more_than_once_are_multiplied_once_and_give_the_same(string reader)
    {
        Sequential model = Repeating(reader, Device.Default);
        model.Build(new Shape(7));
        GradientCheck.Perturb(model);
        float[][] once = Run(watch: false), each = Run(watch: true);
        Assert.Equal(each[0], once[0]); // to the last bit
        for (int i = 1; i < each.Length; i++)
        {
            Assert.Equal(each[i], once[i], (a, b) => MathF.Abs(a - b) < 1e-5f * (1 + MathF.Abs(a)));
        }

        float[][] Run(bool watch) => model.Run(
            pass =>
            {
                Tensor vectors = model.Layers[0].Apply(pass, Ids(4, 7, 6));
                if (watch)
                {
                    pass.Watch(vectors);
                }
                Tensor y = model.Layers[1].Apply(pass, vectors);
                pass.Backward(GradientCheck.Project(pass, y));
                if (watch)
                {
                    Assert.Contains(pass.GradientToArray(vectors), value => value != 0);
                }
                else
                {
                    Assert.Contains("pass.Watch", Assert.Throws<InvalidOperationException>(() => pass.GradientToArray(vectors)).Message, StringComparison.Ordinal);
                }
                return (float[][])[y.ToArray(), .. model.Parameters.Select(parameter => parameter.GradientToArray()!)];
            },
            training: true, new RandomStream(3));
    }

    [Fact]
    public void Vectors_that_a_recurrent_layer_and_another_read_have_the_gradients_of_both()
    {
        using Device device = GradientCheck.DoubleDevice();
        var embedding = new Embedding(5, 16);
        Node ids = Node.Input(6), vectors = embedding.Of(ids);
        var model = new Graph([ids], [new Concatenate().Of(new Lstm(3).Of(vectors), new GlobalMeanPooling().Of(vectors))]) { Device = device };
        GradientCheck.Model(model, (pass, _) => GradientCheck.Project(pass, model.Forward(pass, Ids(3, 6, 5))), new Shape(3, 6));
    }

    [Theory]
    [InlineData("embeddings")]
    [InlineData("kernel")]
    [InlineData("recurrent_kernel")]
    public void Frozen_weights_have_no_gradient_and_the_others_theirs(string frozen)
    {
        Sequential model = Repeating("both ways", Device.Default);
        model.Build(new Shape(7));
        float[][] all = Gradients();
        foreach (Parameter parameter in model.Parameters)
        {
            parameter.IsTrainable = !parameter.Name.EndsWith("." + frozen, StringComparison.Ordinal);
        }
        Assert.Contains(model.Parameters, parameter => !parameter.IsTrainable);
        float[][] some = Gradients();
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(model.Parameters[i].IsTrainable ? all[i] : [], some[i]);
        }

        float[][] Gradients() => model.Run(
            pass =>
            {
                pass.Backward(GradientCheck.Project(pass, model.Forward(pass, Ids(4, 7, 6))));
                return (float[][])[.. model.Parameters.Select(parameter => parameter.GradientToArray() ?? [])];
            },
            training: true);
    }

    [Fact]
    public void A_table_that_is_read_twice_has_the_gradients_of_both()
    {
        using Device device = GradientCheck.DoubleDevice();
        var embedding = new Embedding(6, 16);
        var reader = new Lstm(3);
        var model = new Sequential(embedding, reader) { Device = device };
        GradientCheck.Model(
            model,
            (pass, _) => GradientCheck.Project(pass, pass.Add(model.Forward(pass, Ids(4, 7, 6)), reader.Apply(pass, embedding.Apply(pass, Ids(4, 5, 3))))),
            new Shape(4, 7));
    }

    [Fact]
    public void A_pass_knows_nothing_of_ids_that_an_earlier_one_embedded()
    {
        Sequential embedding = Repeating("lstm", Device.Default), plain = new(new Lstm(5));
        Tensor x = Tensor.Normal(new RandomStream(1), 4, 7, 16);
        embedding.Build(new Shape(7));
        plain.Build(new Shape(7, 16));
        float[] alone = plain.Predict(x).ToArray();
        for (int i = 0; i < 3; i++)
        {
            embedding.Run(pass => pass.Sum(embedding.Forward(pass, Ids(4, 7, 6))).ToScalar(), training: i == 1);
            // The tensors of this pass stand where those of the one before stood, wherever the input comes.
            plain.Run(
                pass =>
                {
                    for (int other = 0; other < i; other++)
                    {
                        pass.Input(Tensor.Zeros(1));
                    }
                    Assert.Equal(alone, plain.Forward(pass, pass.Input(x)).ToArray());
                    return 0;
                });
        }
    }

    [Fact]
    public void Ids_of_the_largest_tables_are_taken_step_by_step()
    {
        var model = new Sequential(new Embedding((1 << 20) + 1, 16), new Lstm(2));
        model.Build(new Shape(6));
        float[] ids = [1 << 20, 1 << 20, 0, 1 << 20, 0, 0];
        Assert.False(AreTakenOnce(model, ids));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void The_gradient_of_what_a_recurrent_layer_reads_must_be_watched_however_many_ids_there_are(int different)
    {
        var model = new Sequential(new Embedding(6, 16), new Lstm(2));
        model.Build(new Shape(6));
        Assert.Throws<InvalidOperationException>(() => Gradient(training: true));
        Assert.All(Gradient(training: false), value => Assert.Equal(0, value));
        model.Parameters[0].IsTrainable = false;
        Assert.All(Gradient(training: true), value => Assert.Equal(0, value));

        float[] Gradient(bool training) => model.Run(
            pass =>
            {
                Tensor vectors = model.Layers[0].Apply(pass, Ids(1, 6, different)), y = model.Layers[1].Apply(pass, vectors);
                if (training)
                {
                    pass.Backward(pass.Sum(y));
                }
                return pass.GradientToArray(vectors);
            },
            training);
    }

    [Fact]
    public void Ids_that_hardly_repeat_or_have_few_numbers_are_taken_step_by_step()
    {
        Assert.True(AreTakenOnce(Model(size: 16, maskZero: false), 0, 1, 1, 0, 1));
        Assert.False(AreTakenOnce(Model(size: 16, maskZero: false), 0, 1, 2, 0, 1));
        Assert.False(AreTakenOnce(Model(size: 15, maskZero: false), 0, 1, 1, 0, 1));
        Assert.False(AreTakenOnce(Model(size: 16, maskZero: false), 5)); // a stream
        Assert.True(AreTakenOnce(Model(size: 16, maskZero: true), 0, 1, 1, 1, 1, 1));
        Assert.False(AreTakenOnce(Model(size: 16, maskZero: true), 0, 0, 0, 0, 1, 1)); // what is masked is no step

        static Sequential Model(int size, bool maskZero) => new(new Embedding(6, size) { MaskZero = maskZero }, new Lstm(2));
    }

    private static bool AreTakenOnce(Sequential model, params float[] ids)
    {
        model.Build(new Shape(ids.Length));
        return model.Run(
            pass =>
            {
                Tensor vectors = model.Layers[0].Apply(pass, Tensor.From(ids, 1, ids.Length));
                pass.Backward(pass.Sum(model.Layers[1].Apply(pass, vectors)));
                return vectors.Body.Distinct!.Vectors.Exists;
            },
            training: true);
    }

    /// <summary>Six ids of sixteen numbers each, in 28 places.</summary>
    private static Sequential Repeating(string reader, Device device)
    {
        Layer layer = reader switch
        {
            "lstm" or "lstm, masked" => new Lstm(5),
            "lstm, all states" => new Lstm(17) { ReturnSequences = true },
            "both ways" => new Bidirectional(new Lstm(4) { ReturnSequences = true }),
            "backwards, projected" => new Lstm(6) { GoBackwards = true, Projection = 3 },
            "layer norm" => new Lstm(5) { Variant = LstmVariant.LayerNorm },
            "gru" => new Gru(5),
            "gru, reset before" => new Gru(5) { ResetAfter = false, ReturnSequences = true },
            "rnn" => new SimpleRnn(5),
            "zoneout" => new Lstm(5) { Zoneout = 0.2, CellZoneout = 0.1, RecurrentDropout = 0.2 },
            _ => throw new ArgumentOutOfRangeException(nameof(reader)),
        };
        return new Sequential(new Embedding(6, 16) { MaskZero = reader.EndsWith("masked", StringComparison.Ordinal) }, layer) { Device = device };
    }

    private static Tensor Ids(int batch, int steps, int different)
    {
        var random = new RandomStream(12);
        return Tensor.From([.. Enumerable.Range(0, batch * steps).Select(i => MathF.Floor(random.Uniform(i) * different))], batch, steps);
    }
}
