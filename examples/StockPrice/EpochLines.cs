using Engram.Training;

namespace Engram.Examples.StockPrice;

/// <summary>A line for every tenth epoch.</summary>
internal sealed class EpochLines : Callback
{
    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        if (epoch.Epoch % 10 == 0 || epoch.Epoch == context.Options.Epochs)
        {
            Console.WriteLine($"   epoch {epoch.Epoch,3} of {context.Options.Epochs}   loss {epoch.Loss:0.000000}   {epoch.Seconds:0.0} s");
        }
    }
}
