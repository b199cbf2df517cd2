using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>The way back: from a loss through all that was recorded, and where gradients arrive.</content>
public sealed partial class Pass
{
    /// <summary>Whether <see cref="Backward"/> has been called.</summary>
    internal bool HasWalkedBack { get; private set; }

    /// <summary>
    /// Walks back from a loss of one element and leaves its gradient in every trainable parameter that took part. The model's
    /// parameters that took no part have no gradient afterwards: what an earlier walk left in them is forgotten.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The pass records no gradients, has walked back already, or the loss depends on nothing that a gradient is wanted of.
    /// </exception>
    /// <exception cref="ShapeException">The loss has more than one element.</exception>
    public void Backward(Tensor loss)
    {
        TensorBody body = loss.Body;
        if (!RecordsGradients)
        {
            throw new InvalidOperationException("This pass records no gradients. Open it for training: model.Run(pass => …, training: true).");
        }
        if (body.Shape.Count != 1)
        {
            throw new ShapeException($"Backward starts from a loss of one element; this tensor has shape {body.Shape}. Take its mean first.");
        }
        if (!body.NeedsGradient)
        {
            throw new InvalidOperationException("The loss depends on no trainable parameter, so there is nothing to differentiate.");
        }
        if (HasWalkedBack)
        {
            throw new InvalidOperationException("This pass has walked back once already. Add the losses up, or open another pass.");
        }
        HasWalkedBack = true;
        for (int i = 0; i < _parameters.Count; i++)
        {
            _parameters[i].HasGradient = false;
        }
        (Storage gradient, _) = GradientOf(loss);
        Backend.Fill(gradient, 1, 1, accumulate: false);
        using ProfileSpan span = Profile.Measure("backward");
        for (int i = _tape.Count - 1; i >= 0; i--)
        {
            Op op = _tape[i];
            using ProfileSpan ofOp = Profile.Measure(op.Span.Name, op.Span.Category);
            op.Backward(this);
        }
    }

    /// <summary>
    /// The gradient of the last <see cref="Backward"/> with respect to a tensor of this pass; zeros where none arrived. A recurrent layer may sum up that of embedded ids by id:
    /// to see it, step by step, <see cref="Watch"/> them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor is not of this pass, or its gradient may have been summed up.</exception>
    public float[] GradientToArray(Tensor tensor)
    {
        RequireOwn(tensor);
        if (tensor.Body.Distinct is { MaySumGradients: true })
        {
            throw new InvalidOperationException("A recurrent layer may sum up the gradient of embedded ids by id. To see it step by step, call pass.Watch(tensor) before the layer is applied.");
        }
        float[] values = new float[tensor.Shape.Count];
        if (TryGradient(tensor) is { } gradient)
        {
            Backend.Read(gradient, values);
        }
        return values;
    }

    /// <summary>Marks a tensor, an input or embedded ids, as one whose gradient is wanted; before it is used.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not of this pass.</exception>
    public void Watch(Tensor input)
    {
        RequireOwn(input);
        input.Body.NeedsGradient = RecordsGradients;
        input.Body.IsWatched = true;
    }

    /// <summary>Where the gradient of a tensor is to be written, and whether something stands there already.</summary>
    internal (Storage Gradient, bool Accumulate) GradientOf(Tensor tensor)
    {
        TensorBody body = tensor.Body;
        body.Gradient ??= body.Parameter?.Gradient ?? Backend.Rent(body.Shape.Count);
        bool accumulate = body.HasGradient;
        body.HasGradient = true;
        if (body.Parameter is { } parameter)
        {
            parameter.HasGradient = true;
            parameter.GradientRows = null;
        }
        return (body.Gradient, accumulate);
    }

    /// <summary>The same, or nothing where no gradient is wanted.</summary>
    internal GradientTarget GradientTarget(Tensor tensor)
    {
        if (!tensor.Exists || !tensor.Body.NeedsGradient)
        {
            return default;
        }
        (Storage gradient, bool accumulate) = GradientOf(tensor);
        return new GradientTarget(gradient, accumulate);
    }

    /// <summary>
    /// Gives the memory of a tensor that nothing else will read, times a factor, to another as its gradient, or adds it where a
    /// gradient stands there already.
    /// </summary>
    internal void HandOver(Tensor values, Tensor target, double factor)
    {
        TensorBody from = values.Body, to = target.Body;
        if (!to.NeedsGradient)
        {
            return;
        }
        if (to.Gradient is not null)
        {
            (Storage gradient, bool accumulate) = GradientOf(target);
            Backend.AddScaled(from.Storage!, factor, gradient, to.Shape.Count, accumulate);
            return;
        }
        if (factor != 1)
        {
            Backend.AddScaled(from.Storage!, factor, from.Storage!, to.Shape.Count, accumulate: false);
        }
        (to.Gradient, to.HasGradient, from.OwnsStorage) = (from.Storage, true, false);
        to.OwnsStorage &= to.Storage != to.Gradient; // given back once, as the gradient
    }

    /// <summary>The gradient that has arrived at a tensor; null where none has.</summary>
    internal static Storage? TryGradient(Tensor tensor) => tensor.Exists && tensor.Body.HasGradient ? tensor.Body.Gradient : null;

    private void RequireOwn(Tensor tensor)
    {
        if (tensor.Body.Owner != this)
        {
            throw new InvalidOperationException("The tensor is not of this pass, so no gradient reaches it. Take it in by pass.Input(…), and use what that returns.");
        }
    }
}
