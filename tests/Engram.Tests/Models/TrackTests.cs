namespace Engram.Tests.Models;

/// <summary>Layers of a custom model are registered, or refused by name.</summary>
public sealed class TrackTests
{
    private static readonly Tensor _x = Tensor.Normal(new RandomStream(1), 8, 5, 2), _y = Tensor.Normal(new RandomStream(2), 8, 1);

    public static TheoryData<string> Untracked => new("dense", "time-distributed", "bidirectional", "residual", "custom");

    [Theory]
    [MemberData(nameof(Untracked))]
    public void A_layer_with_weights_that_was_not_registered_is_refused_by_name(string kind)
    {
        Layer untracked = Make(kind);
        var model = new Chain([untracked, new Lstm(2), new Dense(1)], layer => layer != untracked);
        model.Compile(new Adam(), Loss.MeanSquaredError);
        string message = Assert.Throws<InvalidOperationException>(() => model.Fit(_x, _y)).Message;
        Assert.Contains("Layer " + (kind == "custom" ? "dense" : kind), message, StringComparison.Ordinal);
        Assert.Contains("Track", message, StringComparison.Ordinal);
        Assert.Equal((false, false), (model.IsBuilt, untracked.SelfAndParts.Any(layer => layer.IsBuilt && layer.Parameters.Count > 0)));
    }

    [Theory]
    [MemberData(nameof(Untracked))]
    public void A_registered_one_is_trained(string kind)
    {
        var model = new Chain([Make(kind), new Lstm(2), new Dense(1)], _ => true);
        model.Compile(new Adam(), Loss.MeanSquaredError);
        if (kind == "custom")
        {
            model.Register(((Wrapper)model.Layers[0]).Inner);
        }
        model.Build(new Shape(5, 2));
        float[][] before = [.. model.Parameters.Select(parameter => parameter.ToArray())];
        model.Fit(_x, _y);
        Assert.All(model.Parameters.Zip(before), pair => Assert.NotEqual(pair.Second, pair.First.ToArray()));
    }

    [Fact]
    public void A_layer_without_weights_need_not_be_registered()
    {
        var dropout = new Dropout(0.5);
        new Chain([dropout, new Dense(1)], layer => layer != dropout).Build(new Shape(5, 2));
    }

    [Fact]
    public void Names_are_not_empty_and_no_two_are_the_same()
    {
        var model = new Chain([], _ => true);
        model.Register(new Dense(1), "score");
        Assert.Throws<ArgumentException>(() => model.Register(new Dense(1), ""));
        Assert.Throws<ArgumentException>(() => model.Register(new Dense(1), " "));
        Assert.Contains("score", Assert.Throws<ArgumentException>(() => model.Register(new Dense(1), "score")).Message, StringComparison.Ordinal);
        var both = new Bidirectional(new Lstm(2));
        model.Register(both);
        Assert.Throws<ArgumentException>(() => model.Register(both.Forwards));
        Assert.Throws<ArgumentException>(() => model.Register(both, "other"));
        Assert.Equal(["score", "bidirectional"], model.Layers.Select(layer => layer.Name));
    }

    private static Layer Make(string kind) => kind switch
    {
        "dense" => new Dense(3),
        "time-distributed" => new TimeDistributed(new Dropout(0.1), new Dense(3)),
        "bidirectional" => new Bidirectional(new Lstm(3) { ReturnSequences = true }),
        "residual" => new Residual(new Dense(2)),
        _ => new Wrapper(),
    };

    private sealed class Chain : Model
    {
        private readonly Layer[] _chain;

        public Chain(Layer[] layers, Predicate<Layer> tracked)
        {
            _chain = layers;
            foreach (Layer layer in layers.Where(layer => tracked(layer)))
            {
                Track(layer);
            }
        }

        public void Register(Layer layer, string? name = null) => Track(layer, name);

        public override Tensor Forward(Pass pass, Tensor input) => _chain.Aggregate(input, (x, layer) => layer.Apply(pass, x));
    }

    /// <summary>A layer of the user's that holds another.</summary>
    private sealed class Wrapper : Layer
    {
        public Dense Inner { get; } = new(3);

        public override string Kind => "wrapper";

        protected override Tensor Forward(Pass pass, Tensor input) => Inner.Apply(pass, input);
    }
}
