namespace Engram.Backends;

/// <summary>What the steps of all optimizers have in common.</summary>
/// <param name="LearningRate">η</param>
/// <param name="GradientScale">What gradients are multiplied by first.</param>
/// <param name="Keep">What weights are multiplied by first: 1 − η λ for a weight decay λ.</param>
internal readonly record struct StepSize(double LearningRate, double GradientScale, double Keep);

/// <summary>The numbers of one SGD step.</summary>
internal readonly record struct SgdStep(StepSize Size, double Momentum, bool Nesterov);

/// <summary>The numbers of one Adam step.</summary>
internal readonly record struct AdamStep(StepSize Size, double Beta1, double Beta2, double Epsilon, long Step);

/// <summary>The numbers of one Nadam step.</summary>
internal readonly record struct NadamStep(
    StepSize Size, double Beta1, double Beta2, double Epsilon, long Step, double GradientFactor, double MomentFactor);

/// <summary>The numbers of one RMSprop step.</summary>
internal readonly record struct RmsPropStep(StepSize Size, double Decay, double Momentum, double Epsilon);

/// <summary>The numbers of one Adagrad step.</summary>
internal readonly record struct AdagradStep(StepSize Size, double Epsilon);
