using System.Globalization;
using System.Xml.Linq;

namespace Engram.Tests.Models;

public sealed class ModelSummaryTests
{
    [Fact]
    public void The_table_of_a_chain()
    {
        var model = new Sequential(new Lstm(50) { ReturnSequences = true }, new Dropout(0.2), new Lstm(4), new Dense(1));
        model.Build(new Shape(60, 1));
        string expected = string.Join(
            Environment.NewLine,
            "Layer    Output shape     Weights  Connected to",
            "───────  ───────────────  ───────  ────────────",
            "input    [batch, 60, 1]         0",
            "lstm     [batch, 60, 50]   10,400  input",
            "dropout  [batch, 60, 50]        0  lstm",
            "lstm_1   [batch, 4]           880  dropout",
            "dense    [batch, 1]             5  lstm_1",
            "11,285 weights");
        Assert.Equal(expected, model.Summary().ToString());
    }

    [Fact]
    public void A_shared_layer_has_a_line_for_each_application_and_its_weights_once()
    {
        Graph graph = Shared();
        graph.Build();
        ModelSummary summary = graph.Summary();
        Assert.Equal(["input_1", "input_2", "dense", "dense #2", "concatenate", "add", "dense_1"], summary.Rows.Select(row => row.Name));
        Assert.Equal([0L, 0, 12, 0, 0, 0, 7], summary.Rows.Select(row => row.Parameters));
        Assert.Equal(["dense", "dense #2"], summary.Rows[4].ConnectedTo);
        Assert.Equal(new Shape(6), summary.Rows[4].OutputShape);
        Assert.Equal(19, summary.Parameters);
        Assert.Equal(summary.Parameters, graph.ParameterCount);
    }

    [Fact]
    public void Frozen_weights_are_told_apart()
    {
        var model = new Sequential(new Dense(3), new Dense(1));
        model.Build(new Shape(2));
        model.Parameters[0].IsTrainable = false;
        Assert.EndsWith("13 weights, 7 of them trainable", model.Summary().ToString(), StringComparison.Ordinal);
        Assert.Equal(7, model.Summary().Trainable);
    }

    [Fact]
    public void A_model_without_weights_says_so()
    {
        ModelSummary summary = new Sequential(new Dense(3)).Summary();
        Assert.Null(summary.Parameters);
        Assert.Null(summary.Rows[1].OutputShape);
        Assert.Contains("No weights yet", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_custom_model_lists_its_layers()
    {
        var model = new Custom();
        model.Build(new Shape(2));
        ModelSummary summary = model.Summary();
        Assert.Equal(["dense", "head"], summary.Rows.Select(row => row.Name));
        Assert.Contains("head (dense)", summary.ToString(), StringComparison.Ordinal);
        Assert.Equal(new Shape(3), summary.Rows[0].OutputShape);
        Assert.Equal(2, Boxes(summary).Count);
    }

    [Fact]
    public void The_picture_has_a_box_for_each_line_and_an_arrow_for_each_connection()
    {
        Graph graph = Shared();
        graph.Build();
        ModelSummary summary = graph.Summary();
        XDocument svg = XDocument.Parse(summary.ToSvg());
        XNamespace ns = "http://www.w3.org/2000/svg";
        List<Box> boxes = Boxes(summary);
        Assert.Equal(summary.Rows.Count, boxes.Count);
        Assert.Equal(summary.Rows.Sum(row => row.ConnectedTo.Count), svg.Root!.Elements(ns + "path").Count());
        Assert.All(summary.Rows, row => Assert.Contains(svg.Root!.Elements(ns + "text"), text => text.Value == row.Name));
        double width = Number(svg.Root!, "width"), height = Number(svg.Root!, "height");
        Assert.All(boxes, box => Assert.True(box.X >= 0 && box.Y >= 0 && box.X + box.Width <= width && box.Y + box.Height <= height, $"{box} is outside {width} × {height}"));
        Assert.DoesNotContain(
            boxes.SelectMany((box, i) => boxes.Skip(i + 1), (a, b) => (a, b)),
            pair => pair.a.X < pair.b.X + pair.b.Width && pair.b.X < pair.a.X + pair.a.Width && pair.a.Y < pair.b.Y + pair.b.Height && pair.b.Y < pair.a.Y + pair.a.Height);
    }

    [Fact]
    public void What_takes_stands_below_what_it_takes()
    {
        Graph graph = Shared();
        graph.Build();
        ModelSummary summary = graph.Summary();
        Dictionary<string, Box> boxes = summary.Rows.Zip(Boxes(summary)).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        Assert.All(summary.Rows, row => Assert.All(row.ConnectedTo, name => Assert.True(boxes[name].Y + boxes[name].Height < boxes[row.Name].Y)));
    }

    [Fact]
    public void Markup_in_names_is_escaped() => Assert.Contains("a &lt;b&gt; &amp;", new Odd().Summary().ToSvg(), StringComparison.Ordinal);

    private static Graph Shared()
    {
        Node a = Node.Input(3), b = Node.Input(3);
        var shared = new Dense(3);
        Node both = new Concatenate().Of(shared.Of(a), shared.Of(b));
        return new Graph([a, b], [new Dense(1).Of(new Add().Of(both, both))]);
    }

    private static List<Box> Boxes(ModelSummary summary) =>
        [.. XDocument.Parse(summary.ToSvg()).Root!.Elements().Where(element => element.Name.LocalName == "rect" && element.Attribute("rx") is not null)
            .Select(rect => new Box(Number(rect, "x"), Number(rect, "y"), Number(rect, "width"), Number(rect, "height")))];

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private sealed record Box(double X, double Y, double Width, double Height);

    private sealed class Custom : Model
    {
        private readonly Dense _first, _head;

        public Custom() => (_first, _head) = (Track(new Dense(3)), Track(new Dense(1), "head"));

        public override Tensor Forward(Pass pass, Tensor input) => _head.Apply(pass, _first.Apply(pass, input));
    }

    private sealed class Odd : Model
    {
        public Odd() => Track(new Dense(1), "a <b> &");

        public override Tensor Forward(Pass pass, Tensor input) => input;
    }
}
