namespace Engram;

/// <summary>Where weights come from before the first training step.</summary>
public abstract class Initializer
{
    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new Constant(0);

    /// <summary>
    /// Uniform in ±√(6 / (inputs + outputs)): keeps the variance of activations and gradients near constant over layers
    /// (Glorot &amp; Bengio 2010).
    /// </summary>
    public static Initializer GlorotUniform { get; } = new Glorot();

    /// <summary>
    /// Orthonormal rows or columns: repeated products neither grow nor vanish (Saxe et al. 2013). Meant for recurrent weights; a
    /// matrix that is k times as wide as high gets k orthogonal blocks side by side, one per gate.
    /// </summary>
    public static Initializer Orthogonal { get; } = new OrthogonalBlocks();

    /// <summary>The same number everywhere.</summary>
    public static Initializer Of(float value) => new Constant(value);

    /// <summary>Uniform in ±<paramref name="limit"/>.</summary>
    /// <param name="limit">0 or more.</param>
    public static Initializer Uniform(float limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return new UniformWithin(limit);
    }

    /// <summary>Fills an array.</summary>
    /// <param name="values">Receives the numbers, row-major.</param>
    /// <param name="shape">Its sizes: [inputs, outputs] for matrices.</param>
    /// <param name="random">A stream of this parameter's own.</param>
    public abstract void Fill(Span<float> values, Shape shape, RandomStream random);

    private sealed class Constant(float value) : Initializer
    {
        public override void Fill(Span<float> values, Shape shape, RandomStream random) => values.Fill(value);
    }

    private sealed class UniformWithin(float limit) : Initializer
    {
        public override void Fill(Span<float> values, Shape shape, RandomStream random)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = limit * (2 * random.Uniform(i) - 1);
            }
        }
    }

    private sealed class Glorot : Initializer
    {
        public override void Fill(Span<float> values, Shape shape, RandomStream random)
        {
            // Every output of a convolution, [size, inputs, outputs], reads its inputs at so many steps, and every input is read as often.
            int steps = shape.Rank < 3 ? 1 : shape.Rows / shape[^2];
            int outputs = shape.Rank == 0 ? 1 : shape[^1], inputs = shape.Rows / steps;
            Uniform((float)Math.Sqrt(6.0 / ((double)steps * inputs + (double)steps * outputs))).Fill(values, shape, random);
        }
    }

    private sealed class OrthogonalBlocks : Initializer
    {
        public override void Fill(Span<float> values, Shape shape, RandomStream random)
        {
            int rows = shape.Rows, columns = shape.Rank == 0 ? 1 : shape[^1];
            int width = columns % rows == 0 ? rows : columns;
            for (int first = 0; first < columns; first += width)
            {
                double[][] vectors = Orthonormal(Math.Min(rows, width), Math.Max(rows, width), random.Derive(first));
                for (int row = 0; row < rows; row++)
                {
                    for (int column = 0; column < width; column++)
                    {
                        values[row * columns + first + column] = (float)(rows <= width ? vectors[row][column] : vectors[column][row]);
                    }
                }
            }
        }

        /// <summary>Orthonormal vectors by Gram and Schmidt, twice for precision, from normal numbers.</summary>
        private static double[][] Orthonormal(int count, int length, RandomStream random)
        {
            double[][] vectors = new double[count][];
            for (int i = 0; i < count; i++)
            {
                double[] v = vectors[i] = new double[length];
                for (int k = 0; k < length; k++)
                {
                    v[k] = random.Normal((long)i * length + k);
                }
                for (int round = 0; round < 2; round++)
                {
                    for (int j = 0; j < i; j++)
                    {
                        double dot = System.Numerics.Tensors.TensorPrimitives.Dot<double>(v, vectors[j]);
                        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(vectors[j], -dot, v, v);
                    }
                }
                System.Numerics.Tensors.TensorPrimitives.Divide(v, System.Numerics.Tensors.TensorPrimitives.Norm<double>(v), v);
            }
            return vectors;
        }
    }
}
