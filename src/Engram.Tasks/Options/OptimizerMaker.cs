namespace Engram.Tasks;

/// <summary>Makes the optimizer that options ask for.</summary>
internal static class OptimizerMaker
{
    /// <summary>n of NT-ASGD, as in Merity et al. 2018.</summary>
    private const int NonMonotoneInterval = 5;

    /// <summary>An optimizer with the options' rate, momentum, weight decay and clipping.</summary>
    /// <param name="options">The options.</param>
    /// <param name="groups">Weights that are treated in their own way; none where not given.</param>
    public static Optimizer Make(TrainingOptions options, params IReadOnlyList<ParameterGroup> groups)
    {
        (double rate, double momentum, double? clipNorm, double decay) = (options.LearningRate, options.Momentum, options.ClipNorm, options.WeightDecay ?? 0);
        return options.Optimizer switch
        {
            OptimizerKind.Sgd => new Sgd(rate, momentum, options.Nesterov) { ClipNorm = clipNorm, WeightDecay = decay, Groups = groups },
            OptimizerKind.AdamW when options.WeightDecay is null => new AdamW(rate) { ClipNorm = clipNorm, Groups = groups },
            OptimizerKind.AdamW => new AdamW(rate, decay) { ClipNorm = clipNorm, Groups = groups },
            OptimizerKind.Nadam => new Nadam(rate) { ClipNorm = clipNorm, WeightDecay = decay, Groups = groups },
            OptimizerKind.RmsProp => new RmsProp(rate, momentum: momentum) { ClipNorm = clipNorm, WeightDecay = decay, Groups = groups },
            OptimizerKind.Adagrad => new Adagrad(rate) { ClipNorm = clipNorm, WeightDecay = decay, Groups = groups },
            OptimizerKind.Asgd => new AveragedSgd(rate) { ClipNorm = clipNorm, WeightDecay = decay, Groups = groups },
            OptimizerKind.NtAsgd => new AveragedSgd(rate) { NonMonotoneInterval = NonMonotoneInterval, ClipNorm = clipNorm, WeightDecay = decay, Groups = groups },
            _ => new Adam(rate) { ClipNorm = clipNorm, WeightDecay = decay, Groups = groups },
        };
    }
}
