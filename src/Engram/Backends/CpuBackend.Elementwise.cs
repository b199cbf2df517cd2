using System.Numerics.Tensors;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>Elementwise operations, reductions and activations.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <inheritdoc/>
    public void AddScaled(Storage source, double factor, Storage target, long count, bool accumulate)
    {
        Span<T> to = Span(target, count);
        T scale = T.CreateTruncating(factor);
        if (accumulate)
        {
            TensorPrimitives.MultiplyAdd(Span(source, count), scale, to, to);
        }
        else
        {
            TensorPrimitives.Multiply(Span(source, count), scale, to);
        }
    }

    /// <inheritdoc/>
    public void Add(Storage a, Storage b, Storage target, long count) =>
        TensorPrimitives.Add(Span(a, count), Span(b, count), Span(target, count));

    /// <inheritdoc/>
    public void Subtract(Storage a, Storage b, Storage target, long count) =>
        TensorPrimitives.Subtract(Span(a, count), Span(b, count), Span(target, count));

    /// <inheritdoc/>
    public void Multiply(Storage a, Storage b, Storage target, long count, bool accumulate)
    {
        Span<T> to = Span(target, count);
        if (accumulate)
        {
            TensorPrimitives.MultiplyAdd(Span(a, count), Span(b, count), to, to);
        }
        else
        {
            TensorPrimitives.Multiply(Span(a, count), Span(b, count), to);
        }
    }

    /// <inheritdoc/>
    public double Sum(Storage source, long count) => Reduction<T, L>.Run(_workers, Pointer(source), null, count);

    /// <inheritdoc/>
    public double SumOfSquares(Storage source, long count) => Reduction<T, L>.Run(_workers, Pointer(source), Pointer(source), count);

    /// <inheritdoc/>
    public void Fill(Storage target, double value, long count, bool accumulate)
    {
        Span<T> to = Span(target, count);
        T number = T.CreateTruncating(value);
        if (accumulate)
        {
            TensorPrimitives.Add(to, number, to);
        }
        else
        {
            to.Fill(number);
        }
    }

    /// <inheritdoc/>
    public void Clip(Storage target, double bound, long count)
    {
        Span<T> values = Span(target, count);
        TensorPrimitives.Clamp(values, T.CreateTruncating(-bound), T.CreateTruncating(bound), values);
    }

    /// <inheritdoc/>
    public void Activate(Activation activation, Storage x, Storage y, long count)
    {
        switch (activation)
        {
            case Activation.Sigmoid: Elementwise<T, L>.Sigmoid(Pointer(x), Pointer(y), count); break;
            case Activation.Tanh: Elementwise<T, L>.Tanh(Pointer(x), Pointer(y), count); break;
            case Activation.ReLU: TensorPrimitives.Max(Span(x, count), T.Zero, Span(y, count)); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <inheritdoc/>
    public void ActivateBackward(Activation activation, Storage y, Storage dy, Storage dx, long count, bool accumulate)
    {
        T* py = Pointer(y), pdy = Pointer(dy), pdx = Pointer(dx);
        for (long i = 0; i < count; i++)
        {
            T derivative = activation switch
            {
                Activation.Sigmoid => py[i] * (T.One - py[i]),
                Activation.Tanh => T.One - py[i] * py[i],
                _ => py[i] > T.Zero ? T.One : T.Zero,
            };
            pdx[i] = accumulate ? pdx[i] + pdy[i] * derivative : pdy[i] * derivative;
        }
    }

    /// <inheritdoc/>
    public void Softmax(Storage x, Storage y, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            Elementwise<T, L>.Softmax(Pointer(x) + (nint)row * columns, Pointer(y) + (nint)row * columns, columns);
        }
    }

    /// <inheritdoc/>
    /// <remarks>dxᵢ = yᵢ (dyᵢ − Σⱼ dyⱼ yⱼ)</remarks>
    public void SoftmaxBackward(Storage y, Storage dy, Storage dx, int rows, int columns, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            T* py = Pointer(y) + (nint)row * columns, pdy = Pointer(dy) + (nint)row * columns, pdx = Pointer(dx) + (nint)row * columns;
            T dot = T.Zero;
            for (int i = 0; i < columns; i++)
            {
                dot += pdy[i] * py[i];
            }
            for (int i = 0; i < columns; i++)
            {
                T gradient = py[i] * (pdy[i] - dot);
                pdx[i] = accumulate ? pdx[i] + gradient : gradient;
            }
        }
    }
}
