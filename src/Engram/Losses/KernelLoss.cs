using Engram.Backends;

namespace Engram.Losses;

/// <summary>A loss that a backend computes; checks shapes and names what does not fit.</summary>
internal sealed class KernelLoss(string name, LossSpec spec) : Loss
{
    public override string Name => name;

    public override PredictionForm PredictionForm => spec switch
    {
        { FromProbabilities: true } => PredictionForm.Probabilities,
        { Kind: LossKind.BinaryCrossEntropy or LossKind.CategoricalCrossEntropy or LossKind.SparseCrossEntropy or LossKind.KullbackLeibler } => PredictionForm.Logits,
        _ => PredictionForm.Values,
    };

    public override string ToString()
    {
        List<string> parts = [];
        if (spec.Parameter != 0)
        {
            parts.Add(Text($"{(spec.Kind == LossKind.Huber ? "δ" : "ν")} {spec.Parameter:R}"));
        }
        if (spec.FromProbabilities)
        {
            parts.Add("from probabilities");
        }
        if (spec.Softplus)
        {
            parts.Add("softplus");
        }
        if (spec.Smoothing != 0)
        {
            parts.Add(Text($"label smoothing {spec.Smoothing:R}"));
        }
        if (spec.Values is { } values)
        {
            parts.Add((spec.Kind == LossKind.Quantile ? "levels " : "class weights ") + string.Join(' ', values.Select(value => Text($"{value:R}"))));
        }
        return parts.Count == 0 ? name : $"{name} ({string.Join(", ", parts)})";
    }

    public override Tensor Apply(Pass pass, Tensor predicted, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(pass);
        RequireFit(predicted, target);
        return pass.Loss(spec, predicted, target, name, isSpent: false);
    }

    /// <summary>The same where nothing else will read the prediction: its memory may receive the gradient.</summary>
    public Tensor ApplyAndSpend(Pass pass, Tensor predicted, Tensor target)
    {
        RequireFit(predicted, target);
        return pass.Loss(spec, predicted, target, name, isSpent: true);
    }

    private void RequireFit(Tensor predicted, Tensor target)
    {
        switch (spec.Target)
        {
            case TargetForm.ClassId: RequireClassIds(predicted.Shape, target.Shape); break;
            case TargetForm.Values: RequireValues(predicted.Shape, target.Shape); break;
            default: RequireSame(predicted.Shape, target.Shape); break;
        }
        RequireClasses(predicted.Shape);
        RequireStepsBeforeRows(predicted);
    }

    private void RequireSame(Shape predicted, Shape target)
    {
        if (!spec.IsElementwise && predicted.Rank < 2)
        {
            throw new ShapeException($"{name} expects predictions [batch, {Columns}] or [batch, time, {Columns}], but got shape {predicted}.");
        }
        if (predicted == target)
        {
            return;
        }
        string remedy = "Give targets of the shape that the model puts out, or change the model's last layers.";
        if (spec.Kind == LossKind.CategoricalCrossEntropy && IsOnePerRow(predicted, target))
        {
            remedy = "For class ids, one number a row, use Loss.SparseCategoricalCrossEntropy.";
        }
        else if (predicted.Rank == 2 && target.Rank == 3 && predicted[0] == target[0])
        {
            remedy = $"Either give one value per sequence, a target of shape {predicted}, or let the last recurrent layer return its whole "
                + $"sequence (ReturnSequences = true), so that the model puts out [{target[0]}, {target[1]}, {predicted[1]}].";
        }
        else if (predicted.Rank == 3 && target.Rank == 2 && predicted[0] == target[0])
        {
            remedy = "Either give one target for every time step, or let the last recurrent layer return its last output alone (ReturnSequences = false).";
        }
        else if (predicted.Count == target.Count)
        {
            remedy = $"Both have {predicted.Count} elements: give the targets with shape {predicted}.";
        }
        throw new ShapeException($"The model puts out shape {predicted}, but the target has shape {target}. {remedy}");
    }

    private void RequireClassIds(Shape predicted, Shape target)
    {
        if (predicted.Rank >= 2 && IsOnePerRow(predicted, target))
        {
            return;
        }
        string remedy = predicted == target
            ? "For a probability of every class, such as one-hot rows, use Loss.CategoricalCrossEntropy."
            : predicted.Rank == 2 && target.Rank == 2 && predicted[0] == target[0]
                ? "For a class at every time step let the last recurrent layer return its whole sequence (ReturnSequences = true)."
                : "The model's last dimension is the classes; give one class id for every row before it.";
        throw new ShapeException(
            $"{name} expects one class id for each row of the prediction. The model puts out shape {predicted}, but the target has shape {target}. {remedy}");
    }

    private void RequireValues(Shape predicted, Shape target)
    {
        int outputs = spec.OutputsPerValue;
        bool fits = predicted.Rank >= 2 && predicted[^1] % outputs == 0
            && (target == predicted.WithLast(predicted[^1] / outputs) || (predicted[^1] == outputs && IsOnePerRow(predicted, target)));
        if (!fits)
        {
            string expected = target.Rank >= 2 ? $"{target.WithLast(outputs * target[^1])} for this target" : "[batch, outputs]";
            throw new ShapeException(
                $"{name} needs {outputs} outputs side by side for each target value: {expected}. The model puts out shape {predicted}, and the target has shape {target}. Change the units of the last layer.");
        }
    }

    /// <summary>As many classes as there are weights.</summary>
    private void RequireClasses(Shape predicted)
    {
        if (spec is { Kind: LossKind.CategoricalCrossEntropy or LossKind.SparseCrossEntropy, Values: { } weights } && weights.Length != predicted[^1])
        {
            throw new ShapeException($"{name} has {weights.Length} class weights, but the model puts out {predicted[^1]} classes, shape {predicted}. Give a weight for each class.");
        }
    }

    /// <summary>Under a mask the dimension behind the batch is time, so that there must be another one for rows.</summary>
    private void RequireStepsBeforeRows(Tensor predicted)
    {
        if (!spec.IsElementwise && predicted is { Shape.Rank: 2, Mask: not null })
        {
            throw new ShapeException(
                $"{name} reads rows of outputs, but a prediction of shape {predicted.Shape} under a mask has [batch, time] and no row at a step. "
                + "Put out [batch, time, outputs], with a Dense layer on every step, or take the mask away, pass.Masked(x, null), if the last dimension is not time.");
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private string Columns => spec.Kind == LossKind.Cosine ? "features" : "classes";

    private static bool IsOnePerRow(Shape predicted, Shape target) => target == predicted.WithLast(1) || target == predicted.WithoutLast();
}
