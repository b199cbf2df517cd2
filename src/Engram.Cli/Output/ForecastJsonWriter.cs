using System.Text.Encodings.Web;
using System.Text.Json;
using Engram.Tasks;

namespace Engram.Cli.Output;

/// <summary>Writes forecasts as JSON: what <see cref="ForecastCsv"/> writes, as one document.</summary>
internal static class ForecastJsonWriter
{
    public static void Write(Stream output, Forecaster forecaster, Forecast forecast) => Write(output, forecaster, json =>
    {
        bool isDaily = forecast.Times.All(IsMidnight);
        for (int i = 0; i < forecast.Values.Count; i++)
        {
            json.WriteStartObject();
            WriteTime(json, i < forecast.Times.Count ? forecast.Times[i] : null, isDaily);
            json.WriteNumber("step", i + 1);
            WriteNumber(json, "predicted", forecast.Values[i]);
            json.WriteEndObject();
        }
    });

    public static void Write(Stream output, Forecaster forecaster, ForecastRows rows) => Write(output, forecaster, json =>
    {
        bool isDaily = rows.All(row => row.Time is null || IsMidnight(row.Time.Value));
        foreach (ForecastRow row in rows)
        {
            json.WriteStartObject();
            WriteTime(json, row.Time, isDaily);
            json.WriteNumber("step", row.Step);
            WriteNumber(json, "actual", row.Actual);
            WriteNumber(json, "predicted", row.Predicted);
            WriteNumber(json, "naive", row.Naive);
            json.WriteEndObject();
        }
    });

    private static void Write(Stream output, Forecaster forecaster, Action<Utf8JsonWriter> writeRows)
    {
        using (Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("task", "forecast");
            json.WriteString("engram", EngramVersion.Current);
            json.WriteString("target", forecaster.Target);
            json.WriteStartArray("forecast");
            writeRows(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private static void WriteTime(Utf8JsonWriter json, DateTime? time, bool isDaily)
    {
        if (time is { } known)
        {
            json.WriteString("time", ForecastCsv.Format(known, isDaily));
        }
        else
        {
            json.WriteNull("time");
        }
    }

    private static bool IsMidnight(DateTime time) => time.TimeOfDay == TimeSpan.Zero;

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
