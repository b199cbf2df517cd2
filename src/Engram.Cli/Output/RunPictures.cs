using Engram.Plots;
using Engram.Tasks;
using Engram.Training;

namespace Engram.Cli.Output;

/// <summary>The pictures of a run: <c>loss.png</c> and <c>forecast.png</c>.</summary>
internal static class RunPictures
{
    /// <returns>What a reader of the pictures should be told.</returns>
    public static IReadOnlyList<string> Save(string folder, Forecaster forecaster)
    {
        if (forecaster.Training is not { } training)
        {
            return [];
        }
        History history = training.History;
        Picture loss = Charts.Loss(history.Loss, history.ValidationLoss, forecaster.Report?.Training.BestEpoch);
        loss.Save(Path.Combine(folder, "loss.png"));
        Picture forecast = Draw(training.Picture, forecaster.Target);
        forecast.Save(Path.Combine(folder, "forecast.png"));
        return [.. loss.Notes.Concat(forecast.Notes).Distinct()];
    }

    private static Picture Draw(ForecastPicture picture, string target) => Charts.Forecast(picture.Actual, picture.Predicted, new ForecastChartOptions
    {
        TestStart = picture.TestStart,
        Times = picture.Times,
        Baselines = [new Baseline("Naive", picture.Naive)],
        Title = $"Forecast of {target}",
        YLabel = target,
    });
}
