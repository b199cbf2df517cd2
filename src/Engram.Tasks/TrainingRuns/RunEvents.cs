using System.Text;
using System.Text.Json;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>The file <c>events.jsonl</c>: a JSON object for each epoch, which whoever watches a run reads.</summary>
internal sealed class RunEvents(string path)
{
    /// <summary>Writes the events anew, as far as the checkpoint knows: what a crash left behind it goes.</summary>
    public void Start(History history) => AtomicFile.WriteText(path, writer =>
    {
        double best = double.PositiveInfinity;
        foreach (EpochResult epoch in history.Epochs)
        {
            double value = epoch.ValidationLoss ?? epoch.Loss;
            writer.WriteLine(Line(epoch, value < best));
            best = Math.Min(best, value);
        }
    });

    /// <summary>Adds an epoch.</summary>
    public void Append(EpochResult epoch, bool isBest)
    {
        try
        {
            File.AppendAllText(path, Line(epoch, isBest) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileWriteException($"Cannot write '{path}': {e.Message.TrimEnd('.')}. Free some space, or choose another folder.", e);
        }
    }

    private static string Line(EpochResult epoch, bool isBest)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", "epoch");
            json.WriteNumber("epoch", epoch.Epoch);
            foreach ((string name, double value) in epoch.Values)
            {
                WriteNumber(json, name, value);
            }
            json.WriteNumber("learning_rate", epoch.LearningRate);
            json.WriteNumber("seconds", Math.Round(epoch.Seconds, 3));
            json.WriteBoolean("best", isBest);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>JSON has no word for what is no number.</summary>
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
