namespace Engram.Examples.LongLag;

/// <summary>How a network is made and trained.</summary>
/// <param name="Units">Units of the recurrent layer.</param>
/// <param name="BatchSize">Sequences to a step.</param>
/// <param name="LearningRate">Adam's first learning rate; it falls along a half cosine over <see cref="LongLagTask.PaperSequences"/>.</param>
/// <param name="MemoryBias">
/// First bias of the LSTM's forget gate and of the GRU's update gate: σ(5) keeps .993 of the state at every step, and half of it over a hundred.
/// </param>
/// <param name="InputBias">First bias of the LSTM's input gate: what does not matter is kept out from the start, as in the paper.</param>
internal sealed record Recipe(int Units, int BatchSize, double LearningRate, float MemoryBias, float InputBias = 0)
{
    /// <summary>Longest gradient; longer ones are shortened to it.</summary>
    public const double ClipNorm = 1;

    /// <summary>The network for a task, with the weights it has before training.</summary>
    public Sequential Build(LongLagTask task, string cell, long seed)
    {
        RecurrentLayer recurrent = cell switch
        {
            "gru" => new Gru(Units) { UpdateBias = MemoryBias },
            "rnn" => new SimpleRnn(Units),
            _ => new Lstm(Units) { ForgetBias = MemoryBias, InputBias = InputBias },
        };
        var model = new Sequential(recurrent, new Dense(task.Outputs, task.OutputActivation));
        model.Build(new Shape(LongLagTask.MostSteps, task.Features), seed);
        return model;
    }
}
