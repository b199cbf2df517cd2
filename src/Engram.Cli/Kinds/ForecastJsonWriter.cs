using System.Text.Json;
using Engram.Cli.Output;
using Engram.Tasks;

namespace Engram.Cli.Kinds;

/// <summary>Writes forecasts as JSON: what <see cref="ForecastCsv"/> writes, as one document.</summary>
internal static class ForecastJsonWriter
{
    public static void Write(Stream output, Forecaster forecaster, Forecast forecast) => Write(output, forecaster, json =>
    {
        TimeFormat times = TimeFormat.For(forecast);
        for (int i = 0; i < forecast.Values.Count; i++)
        {
            json.WriteStartObject();
            WriteTime(json, i < forecast.Times.Count ? forecast.Times[i] : null, times);
            json.WriteNumber("step", i + 1);
            WriteNumber(json, "predicted", forecast.Values[i]);
            json.WriteEndObject();
        }
    });

    public static void Write(Stream output, Forecaster forecaster, ForecastRows rows) => Write(output, forecaster, json =>
    {
        TimeFormat times = TimeFormat.For(rows);
        foreach (ForecastRow row in rows)
        {
            json.WriteStartObject();
            WriteTime(json, row.Time, times);
            json.WriteNumber("step", row.Step);
            WriteNumber(json, "actual", row.Actual);
            WriteNumber(json, "predicted", row.Predicted);
            WriteNumber(json, "naive", row.Naive);
            json.WriteEndObject();
        }
    });

    private static void Write(Stream output, Forecaster forecaster, Action<Utf8JsonWriter> writeRows) => JsonOutput.Write(output, json =>
    {
        json.WriteString("task", "forecast");
        json.WriteString("engram", EngramVersion.Current);
        json.WriteString("target", forecaster.Target);
        json.WriteStartArray("forecast");
        writeRows(json);
        json.WriteEndArray();
    });

    private static void WriteTime(Utf8JsonWriter json, DateTime? time, TimeFormat times)
    {
        if (time is { } known)
        {
            json.WriteString("time", times.Write(known));
        }
        else
        {
            json.WriteNull("time");
        }
    }

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
