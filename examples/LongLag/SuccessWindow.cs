namespace Engram.Examples.LongLag;

/// <summary>The paper's criterion: the last 2,000 sequences were all right, and their mean error is small.</summary>
internal sealed class SuccessWindow(LongLagTask task)
{
    private const int Length = 2000;
    private readonly double[] _errors = new double[Length];
    private double _sum;

    /// <summary>Sequences seen.</summary>
    public int Sequences { get; private set; }

    /// <summary>Sequences right, one after the other, up to the newest.</summary>
    public int RightInARow { get; private set; }

    /// <summary>Mean error of the newest sequences, the error of a sequence being the mean over its answer.</summary>
    public double MeanError => _sum / Math.Min(Sequences, Length);

    /// <summary>Whether the task is solved.</summary>
    public bool IsSolved => RightInARow >= Length && MeanError < task.MeanError;

    /// <summary>Takes in an answer.</summary>
    public void Add(ReadOnlySpan<float> answer, ReadOnlySpan<float> target)
    {
        (double worst, double mean) = ErrorOf(answer, target);
        _sum += mean - _errors[Sequences % Length];
        _errors[Sequences % Length] = mean;
        Sequences++;
        RightInARow = worst > task.Tolerance ? 0 : RightInARow + 1;
    }

    /// <summary>Largest and mean absolute error of an answer.</summary>
    public static (double Worst, double Mean) ErrorOf(ReadOnlySpan<float> answer, ReadOnlySpan<float> target)
    {
        double worst = 0, sum = 0;
        for (int i = 0; i < target.Length; i++)
        {
            // A number that is none is as wrong as can be.
            double error = float.IsNaN(answer[i]) ? double.PositiveInfinity : Math.Abs(answer[i] - target[i]);
            worst = Math.Max(worst, error);
            sum += error;
        }
        return (worst, sum / target.Length);
    }
}
