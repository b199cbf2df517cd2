namespace Engram.Tasks;

/// <summary>The optimizers to choose from.</summary>
public enum OptimizerKind
{
    /// <summary><see cref="Engram.Adam"/>, with its usual β₁ = 0.9, β₂ = 0.999.</summary>
    Adam,

    /// <summary><see cref="Engram.Sgd"/>, without momentum.</summary>
    Sgd,
}
