using Engram.Tests.Layers;

namespace Engram.Tests.Files;

/// <summary>Every recurrent layer comes back from a file as it was.</summary>
public sealed class RecurrentModelFileTests
{
    [Fact]
    public void Predictions_after_load_are_equal_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        Tensor x = Tensor.Normal(new RandomStream(1), 3, 5, 4);
        foreach (string cell in RecurrentLayers.Cells)
        {
            foreach (string feature in RecurrentLayers.Features.Where(feature => RecurrentLayers.Has(cell, feature)))
            {
                var layers = new List<Layer> { RecurrentLayers.Create(cell, 4, sequences: true, feature) };
                if (feature is "plain" or "zoneout")
                {
                    layers.Add(new Bidirectional(RecurrentLayers.Create(cell, 4, sequences: true, feature), BidirectionalMerge.Mean));
                    layers.Add(new Residual(RecurrentLayers.Create(cell, 4, sequences: true, feature)));
                }
                layers.Add(new Dropout(0.5) { SharedOverTime = true });
                var model = new Sequential(layers);
                float[] expected = model.Predict(x).ToArray();
                string path = Path.Combine(folder.Path, "model.safetensors");
                model.Save(path);
                Sequential loaded = Sequential.Load(path);
                Assert.Equal(expected, loaded.Predict(x).ToArray());
                loaded.Save(path + ".again");
                Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path + ".again"));
            }
        }
    }

    [Fact]
    public void Layers_stand_in_layers_that_stand_in_layers()
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(new Residual(new Residual(new Bidirectional(new Gru(3) { ReturnSequences = true }, BidirectionalMerge.Sum))));
        Tensor x = Tensor.Normal(new RandomStream(1), 2, 4, 3);
        float[] expected = model.Predict(x).ToArray();
        string path = Path.Combine(folder.Path, "model.safetensors");
        model.Save(path);
        Assert.Equal(expected, Sequential.Load(path).Predict(x).ToArray());
    }

    [Fact]
    public void A_model_that_could_not_be_read_again_is_not_written()
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(new Dense(2), new Doubling());
        model.Build(new Shape(3));
        string path = Path.Combine(folder.Path, "model.safetensors");
        Assert.Contains("«doubling»", Assert.Throws<InvalidOperationException>(() => model.Save(path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    private sealed class Doubling : Layer
    {
        public override string Kind => "doubling";

        protected override Tensor Forward(Pass pass, Tensor input) => pass.Scale(input, 2);
    }
}
