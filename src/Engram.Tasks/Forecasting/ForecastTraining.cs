using Engram.Training;

namespace Engram.Tasks;

/// <summary>What training left behind beside the model: for pictures and tables.</summary>
public sealed class ForecastTraining
{
    private readonly Lazy<ForecastPicture> _picture;

    internal ForecastTraining(History history, ForecastRows testRows, Func<ForecastPicture> picture)
    {
        (History, TestRows, _picture) = (history, testRows, new Lazy<ForecastPicture>(picture));
    }

    /// <summary>Loss and validation loss of every epoch.</summary>
    public History History { get; }

    /// <summary>Every forecast of the test part.</summary>
    public ForecastRows TestRows { get; }

    /// <summary>The series with the forecasts of the test part; made when it is first asked for.</summary>
    public ForecastPicture Picture => _picture.Value;
}
