using System.Numerics.Tensors;
using Engram.Data;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Engram.Tasks;

/// <summary>
/// The linear forecast that a network must beat: for each step ahead k
/// <code>
///   ŷ(r+k) = y(r) + σ · (b_k + Σᵢ Σ_f w_kif · z_f(r−i)),   z_f = (x_f − mean_f) / deviation_f
/// </code>
/// over the same window and features, with w from ridge least squares over the training windows,
/// <code>
///   (ZᵀZ + λ n I) w = Zᵀ (y(r+k) − y(r)) / σ,   λ = 1e-6, b not shrunk
/// </code>
/// so that what the data do not decide stays at the naive forecast.
/// </summary>
internal sealed class LinearAutoregression
{
    /// <summary>Inputs beyond which the equations are not solved: their matrix would take gigabytes, and their solution minutes.</summary>
    public const int MostInputs = 4096;

    private const double Ridge = 1e-6;
    private const int BlockSize = 64;

    private readonly int _window;
    private readonly int _horizon;
    private readonly double[] _means, _deviations;

    /// <summary>Row-major [inputs + 1, horizon]: in the order of the window, then the intercept; in units of the target's deviation.</summary>
    private readonly double[] _coefficients;

    public LinearAutoregression(int window, int horizon, double[] means, double[] deviations, double[] coefficients)
    {
        if (means.Length != deviations.Length || coefficients.Length != ((window * means.Length) + 1) * (long)horizon)
        {
            throw new FormatException("the linear baseline's sizes do not fit each other");
        }
        (_window, _horizon, _means, _deviations, _coefficients) = (window, horizon, means, deviations, coefficients);
    }

    public ReadOnlySpan<double> Means => _means;

    public ReadOnlySpan<double> Deviations => _deviations;

    public ReadOnlySpan<double> Coefficients => _coefficients;

    private int Inputs => _window * _means.Length;

    /// <summary>Fits the coefficients in one pass over the windows, a block of them in memory at a time.</summary>
    /// <param name="series">All rows.</param>
    /// <param name="spec">Window and horizon.</param>
    /// <param name="windows">The training windows; one at least.</param>
    /// <param name="training">The rows that means and deviations come from.</param>
    /// <param name="threads">Threads that compute, 1 or more; as many as there are processors where null.</param>
    /// <param name="cancellation">Ends it between blocks.</param>
    public static LinearAutoregression Fit(
        SeriesData series, ForecastSpec spec, SlidingWindows windows, Range training, int? threads = null, CancellationToken cancellation = default)
    {
        StandardScaler[] scalers = [.. series.FitScalers(ScalerKind.Standard, training).Cast<StandardScaler>()];
        int inputs = spec.Window * series.FeatureCount, width = inputs + 1;
        LinearAutoregression empty = new(
            spec.Window, spec.Horizon, [.. scalers.Select(s => s.Offset)], [.. scalers.Select(s => s.Scale)], new double[width * spec.Horizon]);
        NormalEquations equations = new(width, spec.Horizon, threads ?? Environment.ProcessorCount);
        double[] x = new double[BlockSize * width], y = new double[BlockSize * spec.Horizon];
        for (int first = 0; first < windows.Count; first += BlockSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(BlockSize, windows.Count - first);
            for (int i = 0; i < count; i++)
            {
                int row = windows.LastInputRow(first + i);
                empty.ReadInput(series.Values.Span, row, x.AsSpan(i * width, width));
                for (int step = 1; step <= spec.Horizon; step++)
                {
                    y[(i * spec.Horizon) + step - 1] = empty.Change(series.Values.Span, row, step);
                }
            }
            equations.Add(x, y, count);
        }
        return new LinearAutoregression(spec.Window, spec.Horizon, empty._means, empty._deviations, equations.Solve(Ridge * windows.Count));
    }

    /// <summary>The forecast after a row, in original units.</summary>
    /// <param name="values">Row-major values in original units.</param>
    /// <param name="row">The last row known.</param>
    /// <param name="predicted">Receives a value for each step ahead.</param>
    public void Predict(ReadOnlySpan<double> values, int row, Span<double> predicted)
    {
        double[] input = System.Buffers.ArrayPool<double>.Shared.Rent(Inputs + 1);
        ReadInput(values, row, input.AsSpan(0, Inputs + 1));
        predicted.Clear();
        for (int i = 0; i <= Inputs; i++)
        {
            TensorPrimitives.MultiplyAdd(_coefficients.AsSpan(i * _horizon, _horizon), input[i], predicted, predicted);
        }
        double last = values[row * _means.Length];
        for (int k = 0; k < _horizon; k++)
        {
            predicted[k] = last + (_deviations[0] * predicted[k]);
        }
        System.Buffers.ArrayPool<double>.Shared.Return(input);
    }

    private void ReadInput(ReadOnlySpan<double> values, int row, Span<double> input)
    {
        int features = _means.Length;
        ReadOnlySpan<double> window = values.Slice((row - _window + 1) * features, Inputs);
        for (int i = 0; i < window.Length; i += features)
        {
            for (int f = 0; f < features; f++)
            {
                input[i + f] = (window[i + f] - _means[f]) / _deviations[f];
            }
        }
        input[^1] = 1;
    }

    private double Change(ReadOnlySpan<double> values, int row, int step) =>
        (values[(row + step) * _means.Length] - values[row * _means.Length]) / _deviations[0];

    /// <summary>The sums ZᵀZ and Zᵀy of least squares, and their solution. Sums run in the order of the samples, on any number of threads.</summary>
    private sealed class NormalEquations(int width, int horizon, int threads)
    {
        /// <summary>Work on one block, in multiplications, from which more than one thread pays.</summary>
        private const long WorthThreads = 1_000_000;

        private readonly double[][] _gram = [.. Enumerable.Range(0, width).Select(i => new double[width - i])];
        private readonly double[][] _moments = [.. Enumerable.Range(0, width).Select(_ => new double[horizon])];

        public void Add(double[] x, double[] y, int count)
        {
            if ((long)count * width * (width + (2 * horizon)) / 2 < WorthThreads)
            {
                for (int i = 0; i < width; i++)
                {
                    AddRow(i, x, y, count);
                }
            }
            else
            {
                Parallel.For(0, width, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => AddRow(i, x, y, count));
            }
        }

        /// <summary>Solves for [inputs + 1, horizon]; the last unknown, the intercept, is not shrunk.</summary>
        public double[] Solve(double ridge)
        {
            Matrix<double> gram = Matrix<double>.Build.Dense(width, width, (i, j) =>
                _gram[Math.Min(i, j)][Math.Abs(i - j)] + (i == j && i < width - 1 ? ridge : 0));
            Matrix<double> moments = Matrix<double>.Build.Dense(width, horizon, (i, k) => _moments[i][k]);
            Cholesky<double> factor = gram.Cholesky();
            return factor.Solve(moments).ToRowMajorArray();
        }

        private void AddRow(int i, double[] x, double[] y, int count)
        {
            double[] gram = _gram[i], moments = _moments[i];
            for (int sample = 0; sample < count; sample++)
            {
                double xi = x[(sample * width) + i];
                TensorPrimitives.MultiplyAdd(x.AsSpan((sample * width) + i, width - i), xi, gram, gram);
                TensorPrimitives.MultiplyAdd(y.AsSpan(sample * horizon, horizon), xi, moments, moments);
            }
        }
    }
}
