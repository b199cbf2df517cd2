namespace Engram.Layers;

/// <summary>First values of rows of so many units each, such as the biases of gates: zeros, but for some rows.</summary>
internal sealed class RowInitializer(int units, params (int Row, float Value)[] rows) : Initializer
{
    public override void Fill(Span<float> values, Shape shape, RandomStream random)
    {
        values.Clear();
        foreach ((int row, float value) in rows)
        {
            values.Slice(row * units, units).Fill(value);
        }
    }
}
