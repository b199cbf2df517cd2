namespace Engram.Tasks;

/// <summary>Makes the optimizer that options ask for.</summary>
internal static class OptimizerMaker
{
    /// <summary>n of NT-ASGD, as in Merity et al. 2018.</summary>
    private const int NonMonotoneInterval = 5;

    /// <param name="kind">Which one.</param>
    /// <param name="learningRate">Size of its steps.</param>
    /// <param name="clipNorm">Largest norm of a step's gradient; null for none.</param>
    /// <param name="weightDecay">Decoupled weight decay; null for the optimizer's own.</param>
    public static Optimizer Make(OptimizerKind kind, double learningRate, double? clipNorm, double? weightDecay)
    {
        double decay = weightDecay ?? 0;
        return kind switch
        {
            OptimizerKind.Sgd => new Sgd(learningRate) { ClipNorm = clipNorm, WeightDecay = decay },
            OptimizerKind.AdamW when weightDecay is null => new AdamW(learningRate) { ClipNorm = clipNorm },
            OptimizerKind.AdamW => new AdamW(learningRate, decay) { ClipNorm = clipNorm },
            OptimizerKind.Nadam => new Nadam(learningRate) { ClipNorm = clipNorm, WeightDecay = decay },
            OptimizerKind.RmsProp => new RmsProp(learningRate) { ClipNorm = clipNorm, WeightDecay = decay },
            OptimizerKind.Adagrad => new Adagrad(learningRate) { ClipNorm = clipNorm, WeightDecay = decay },
            OptimizerKind.NtAsgd => new AveragedSgd(learningRate) { NonMonotoneInterval = NonMonotoneInterval, ClipNorm = clipNorm, WeightDecay = decay },
            _ => new Adam(learningRate) { ClipNorm = clipNorm, WeightDecay = decay },
        };
    }
}
