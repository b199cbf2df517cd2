using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Engram;

/// <summary>
/// An array of numbers with a <see cref="Shape"/>, row-major, in single precision. A tensor made from arrays, or returned by
/// <c>Predict</c>, is an ordinary object that lives as long as it is used. A tensor made inside a <see cref="Pass"/> belongs to the pass:
/// when that ends its memory is used again, and touching the tensor throws <see cref="ObjectDisposedException"/> with the name of
/// the operation that made it.
/// </summary>
public readonly struct Tensor : IEquatable<Tensor>
{
    private readonly TensorBody? _body;
    private readonly int _generation;

    internal Tensor(TensorBody body)
    {
        _body = body;
        _generation = body.Generation;
    }

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape => Body.Shape;

    /// <summary>
    /// Which steps of a tensor [batch, time, …] are real, given by <see cref="Operations.Masked"/> or by a layer such as an embedding;
    /// null where all are. Operations that work on every step by itself hand it on.
    /// </summary>
    public SequenceMask? Mask => Body.Mask;

    /// <summary>Whether this is a tensor at all, and not <c>default</c>.</summary>
    public bool Exists => _body is not null;

    internal TensorBody Body
    {
        get
        {
            if (_body is null)
            {
                ThrowMissing();
            }
            if (_body.Generation != _generation)
            {
                ThrowStale();
            }
            return _body;
        }
    }

    /// <summary>The element at a place: <c>x[3, 0]</c>, one index per dimension.</summary>
    /// <exception cref="ArgumentException">The number of indices is not the rank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its dimension.</exception>
    [SuppressMessage("Design", "CA1043:Use integral or string argument for indexers", Justification = "One index per dimension.")]
    public float this[params ReadOnlySpan<int> indices]
    {
        get
        {
            TensorBody body = Body;
            if (indices.Length != body.Shape.Rank)
            {
                throw new ArgumentException($"A tensor of shape {body.Shape} takes {body.Shape.Rank} indices, not {indices.Length}.", nameof(indices));
            }
            int at = 0;
            for (int i = 0; i < indices.Length; i++)
            {
                if ((uint)indices[i] >= (uint)body.Shape[i])
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(indices),
                        string.Create(CultureInfo.InvariantCulture, $"Index {indices[i]} is outside dimension {i} of shape {body.Shape}."));
                }
                at = at * body.Shape[i] + indices[i];
            }
            return body.Host is { } host ? host[at] : ToArray()[at];
        }
    }

    /// <summary>
    /// A tensor over a copy of the values, row-major: <c>Tensor.From(values, 64, 100, 1)</c>; without sizes, of shape [values.Length].
    /// </summary>
    /// <exception cref="ShapeException">The number of values is not the product of the sizes.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<int> sizes) =>
        Wrap(values.ToArray(), sizes.IsEmpty ? new Shape(values.Length) : new Shape(sizes));

    /// <summary>A matrix.</summary>
    [SuppressMessage("Performance", "CA1814:Prefer jagged arrays over multidimensional", Justification = "Rows are of one length.")]
    public static Tensor From(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Wrap(Flatten(values), new Shape(values.GetLength(0), values.GetLength(1)));
    }

    /// <summary>A tensor of rank 3, as sequences are: [batch, time, features].</summary>
    [SuppressMessage("Performance", "CA1814:Prefer jagged arrays over multidimensional", Justification = "Rows are of one length.")]
    public static Tensor From(float[,,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Wrap(Flatten(values), new Shape(values.GetLength(0), values.GetLength(1), values.GetLength(2)));
    }

    /// <summary>All zeros.</summary>
    public static Tensor Zeros(params ReadOnlySpan<int> sizes)
    {
        var shape = new Shape(sizes);
        return Wrap(new float[shape.Count], shape);
    }

    /// <summary>
    /// Standard normal numbers drawn from a stream. A stream gives the same numbers each time: derive one for each tensor, <c>random.Derive("x")</c>.
    /// </summary>
    /// <param name="random">The stream.</param>
    /// <param name="sizes">The tensor's sizes, at most four.</param>
    public static Tensor Normal(RandomStream random, params ReadOnlySpan<int> sizes)
    {
        var shape = new Shape(sizes);
        float[] values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Normal(i);
        }
        return Wrap(values, shape);
    }

    /// <summary>A copy of the elements, row-major.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Shape.Count];
        CopyTo(values);
        return values;
    }

    /// <summary>Copies the elements, row-major.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the tensor.</exception>
    public void CopyTo(Span<float> target)
    {
        TensorBody body = Body;
        if (body.Host is { } host)
        {
            host.CopyTo(target);
            return;
        }
        body.Owner!.Backend.Read(body.Storage!, target[..checked((int)body.Shape.Count)]);
    }

    /// <summary>The one element of a tensor with one element.</summary>
    /// <exception cref="ShapeException">The tensor has another number of elements.</exception>
    public float ToScalar()
    {
        if (Shape.Count != 1)
        {
            throw new ShapeException($"ToScalar() is for tensors of one element; this one has shape {Shape}.");
        }
        Span<float> value = stackalloc float[1];
        CopyTo(value);
        return value[0];
    }

    /// <inheritdoc/>
    public bool Equals(Tensor other) => ReferenceEquals(_body, other._body) && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_body, _generation);

    /// <summary>Whether both are the same tensor; elements are not compared.</summary>
    public static bool operator ==(Tensor left, Tensor right) => left.Equals(right);

    /// <summary>Whether they are different tensors; elements are not compared.</summary>
    public static bool operator !=(Tensor left, Tensor right) => !left.Equals(right);

    /// <summary>The shape, and the elements of a small tensor.</summary>
    public override string ToString()
    {
        const int most = 12;
        float[] values = ToArray();
        string numbers = string.Join(", ", values.Take(most).Select(v => v.ToString("G6", CultureInfo.InvariantCulture)));
        return $"Tensor {Shape}: {numbers}{(values.Length > most ? ", …" : "")}";
    }

    /// <summary>A tensor over the array itself.</summary>
    internal static Tensor Wrap(float[] values, Shape shape)
    {
        if (values.Length != shape.Count)
        {
            throw new ShapeException($"{values.Length} values do not fill a tensor of shape {shape}, which has {shape.Count} elements.");
        }
        return new Tensor(new TensorBody { Host = values, Shape = shape, Operation = "array" });
    }

    private static float[] Flatten(Array values)
    {
        float[] flat = new float[values.Length];
        Buffer.BlockCopy(values, 0, flat, 0, flat.Length * sizeof(float));
        return flat;
    }

    [DoesNotReturn]
    private static void ThrowMissing() =>
        throw new InvalidOperationException("This Tensor is default(Tensor): it was never assigned. Make one with Tensor.From(…) or inside a pass.");

    [DoesNotReturn]
    private void ThrowStale() => throw new ObjectDisposedException(
        $"Tensor made by «{_body!.Operation}» or a later tensor in its place",
        "This tensor belongs to a pass that has ended, and its memory is in use again. Copy what you need out of the pass with ToArray(), or return it from model.Run(…).");
}
