namespace Engram.Tasks;

/// <summary>The optimizers to choose from, each with its usual numbers.</summary>
public enum OptimizerKind
{
    /// <summary><see cref="Engram.Adam"/>, with β₁ = 0.9, β₂ = 0.999.</summary>
    Adam,

    /// <summary><see cref="Engram.Sgd"/>, without momentum where none is given.</summary>
    Sgd,

    /// <summary><see cref="Engram.AdamW"/>: Adam with a decoupled weight decay, 0.01 where no other is given.</summary>
    AdamW,

    /// <summary><see cref="Engram.Nadam"/>: Adam with Nesterov's momentum.</summary>
    Nadam,

    /// <summary><see cref="Engram.RmsProp"/>, with ρ = 0.9.</summary>
    RmsProp,

    /// <summary><see cref="Engram.Adagrad"/>.</summary>
    Adagrad,

    /// <summary><see cref="AveragedSgd"/>: the result is the mean of the weights after all steps.</summary>
    Asgd,

    /// <summary><see cref="AveragedSgd"/> that begins to average when the validation loss has not improved for 5 epochs (Merity et al. 2018).</summary>
    NtAsgd,
}
