using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Engram.Training;

/// <summary>A history as JSON text: an array of epochs. Numbers are written so that they come back to the bit.</summary>
internal static class HistoryJson
{
    public static string Write(History history)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (EpochResult epoch in history.Epochs)
            {
                json.WriteStartObject();
                json.WriteNumber("epoch", epoch.Epoch);
                json.WriteNumber("seconds", epoch.Seconds);
                json.WriteNumber("learningRate", epoch.LearningRate);
                json.WriteStartObject("values");
                foreach ((string name, double value) in epoch.Values)
                {
                    // A metric may be no number, which JSON cannot say but as text.
                    json.WriteString(name, value.ToString("R", CultureInfo.InvariantCulture));
                }
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static void Read(string text, History history)
    {
        using var document = JsonDocument.Parse(text);
        foreach (JsonElement epoch in document.RootElement.EnumerateArray())
        {
            var values = new Dictionary<string, double>();
            foreach (JsonProperty value in epoch.GetProperty("values").EnumerateObject())
            {
                values[value.Name] = double.Parse(
                    value.Value.GetString() ?? throw new JsonException($"«{value.Name}» has no value"), CultureInfo.InvariantCulture);
            }
            history.Add(new EpochResult(
                epoch.GetProperty("epoch").GetInt32(), epoch.GetProperty("seconds").GetDouble(), epoch.GetProperty("learningRate").GetDouble(), values));
        }
    }
}
