using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Engram.Tasks;

namespace Engram.Cli.Output;

/// <summary>Writes forecasts as CSV and as JSON: time stamps, steps ahead and values in original units.</summary>
internal static class ForecastWriter
{
    public static void WriteCsv(TextWriter csv, Forecast forecast)
    {
        csv.WriteLine("time,step,predicted");
        for (int i = 0; i < forecast.Values.Count; i++)
        {
            csv.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Time(forecast, i)},{i + 1},{forecast.Values[i]:R}"));
        }
    }

    public static void WriteCsv(TextWriter csv, ForecastRows rows)
    {
        csv.WriteLine("time,step,actual,predicted,naive");
        foreach (ForecastRow row in rows)
        {
            csv.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Time(row.Time)},{row.Step},{Number(row.Actual)},{Number(row.Predicted)},{Number(row.Naive)}"));
        }
    }

    public static void WriteJson(Stream output, Forecaster forecaster, Forecast forecast) => WriteJson(output, forecaster, json =>
    {
        for (int i = 0; i < forecast.Values.Count; i++)
        {
            json.WriteStartObject();
            WriteTime(json, Time(forecast, i));
            json.WriteNumber("step", i + 1);
            WriteNumber(json, "predicted", forecast.Values[i]);
            json.WriteEndObject();
        }
    });

    public static void WriteJson(Stream output, Forecaster forecaster, ForecastRows rows) => WriteJson(output, forecaster, json =>
    {
        foreach (ForecastRow row in rows)
        {
            json.WriteStartObject();
            WriteTime(json, Time(row.Time));
            json.WriteNumber("step", row.Step);
            WriteNumber(json, "actual", row.Actual);
            WriteNumber(json, "predicted", row.Predicted);
            WriteNumber(json, "naive", row.Naive);
            json.WriteEndObject();
        }
    });

    private static void WriteJson(Stream output, Forecaster forecaster, Action<Utf8JsonWriter> writeRows)
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

    private static string Time(Forecast forecast, int index) => Time(forecast.Times.Count == 0 ? null : forecast.Times[index]);

    /// <summary>A date alone where the time of day is midnight.</summary>
    private static string Time(DateTime? time) => time switch
    {
        null => "",
        { TimeOfDay.Ticks: 0 } => time.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => time.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
    };

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static void WriteTime(Utf8JsonWriter json, string time)
    {
        if (time.Length > 0)
        {
            json.WriteString("time", time);
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
