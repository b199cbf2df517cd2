namespace Engram.Tests.Layers;

public sealed class InitializerTests
{
    [Fact]
    public void Glorot_stays_within_its_limit_and_fills_it()
    {
        float[] values = Fill(Initializer.GlorotUniform, new Shape(30, 70));
        double limit = Math.Sqrt(6.0 / 100);
        Assert.All(values, value => Assert.InRange(value, -limit, limit));
        Assert.InRange(values.Max(), 0.98 * limit, limit);
        Assert.InRange(values.Sum(v => v * v) / values.Length, 0.9 * limit * limit / 3, 1.1 * limit * limit / 3);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)] // does not divide 4 · 6
    public void A_projected_lstm_begins_with_orthonormal_rows_of_every_gate(int outputs)
    {
        var layer = new Lstm(6) { Projection = outputs };
        new Sequential(layer).Build(new Shape(3, 2));
        float[] u = layer.RecurrentKernel.ToArray();
        for (int gate = 0; gate < 4; gate++)
        {
            for (int a = 0; a < outputs; a++)
            {
                for (int b = 0; b < outputs; b++)
                {
                    double dot = Enumerable.Range(0, 6).Sum(unit => (double)u[a * 24 + gate * 6 + unit] * u[b * 24 + gate * 6 + unit]);
                    Assert.Equal(a == b ? 1 : 0, dot, 1e-5);
                }
            }
        }
    }

    [Theory]
    [InlineData(16, 64)]
    [InlineData(5, 20)]
    [InlineData(7, 7)]
    public void Orthogonal_gates_have_orthonormal_rows_and_columns(int rows, int columns)
    {
        float[] values = Fill(Initializer.Orthogonal, new Shape(rows, columns));
        for (int block = 0; block < columns; block += rows)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < rows; j++)
                {
                    double dot = Enumerable.Range(0, rows).Sum(k => (double)values[i * columns + block + k] * values[j * columns + block + k]);
                    Assert.Equal(i == j ? 1 : 0, dot, 1e-5);
                }
            }
        }
    }

    [Fact]
    public void Gates_start_at_their_biases_and_the_others_at_zero()
    {
        Assert.Equal([0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0], BiasOf(new Lstm(3) { ForgetBias = 2 }));
        Assert.Equal([-3, -3, 1, 1, 0, 0, 0, 0], BiasOf(new Lstm(2) { InputBias = -3 }));
        Assert.Equal([-3, -3, 1, 1, 0, 0, 0, 0], BiasOf(new Lstm(2) { InputBias = -3, Variant = LstmVariant.Peephole }));
        Assert.Equal([-3, -3, 0, 0, 0, 0], BiasOf(new Lstm(2) { InputBias = -3, Variant = LstmVariant.Coupled }));
        Assert.Equal([4, 4, 0, 0, 0, 0, 0, 0], BiasOf(new Gru(2) { UpdateBias = 4 }));
        Assert.Equal([4, 4, 0, 0, 0, 0], BiasOf(new Gru(2) { UpdateBias = 4, ResetAfter = false }));
        // gains of the gates' sums, their biases i, f, g, o, gain and bias of the cell
        Assert.Equal([1, 1, 1, 1, -3, 2, 0, 0, 1, 0], BiasOf(new Lstm(1) { InputBias = -3, ForgetBias = 2, Variant = LstmVariant.LayerNorm }));

        static float[] BiasOf(RecurrentLayer layer)
        {
            new Sequential(layer).Build(new Shape(4, 1));
            return layer.Parameters[2].ToArray();
        }
    }

    [Fact]
    public void Weights_depend_on_the_seed_and_on_the_name_alone()
    {
        static float[] Kernel(long seed, params Layer[] layers)
        {
            var model = new Sequential(layers);
            model.Build(new Shape(4, 2), seed);
            return model.Parameters[0].ToArray();
        }
        Assert.Equal(Kernel(1, new Lstm(3)), Kernel(1, new Lstm(3), new Dropout(0.5), new Dense(1)));
        Assert.NotEqual(Kernel(1, new Lstm(3)), Kernel(2, new Lstm(3)));
    }

    private static float[] Fill(Initializer initializer, Shape shape)
    {
        float[] values = new float[shape.Count];
        initializer.Fill(values, shape, new RandomStream(4));
        return values;
    }
}
