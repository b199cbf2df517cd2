using Engram.Training;

namespace Engram.Tasks;

/// <summary>What training left behind beside the model: for pictures and tables.</summary>
public sealed class ForecastTraining
{
    internal ForecastTraining(History history, ForecastRows testRows, ForecastPicture picture)
    {
        (History, TestRows, Picture) = (history, testRows, picture);
    }

    /// <summary>Loss and validation loss of every epoch.</summary>
    public History History { get; }

    /// <summary>Every forecast of the test part.</summary>
    public ForecastRows TestRows { get; }

    /// <summary>The series with the forecasts of the test part.</summary>
    public ForecastPicture Picture { get; }
}
