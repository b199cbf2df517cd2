using System.Diagnostics;
using System.Text.Json;

namespace Engram.Profiling;

/// <summary>Writes spans in the Trace Event Format: complete events («X») with begin and length in microseconds, a row for each thread.</summary>
internal static class ChromeTrace
{
    public static void Write(Stream stream, long start, ProfileSummary summary, IReadOnlyList<ProfiledThread> threads)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        WriteSummary(json, summary);
        json.WriteStartArray("traceEvents");
        for (int row = 0; row < threads.Count; row++)
        {
            WriteName(json, row, threads[row].Name);
            foreach (FinishedSpan span in threads[row].Spans)
            {
                json.WriteStartObject();
                json.WriteString("name", span.Name);
                json.WriteString("cat", ProfileSummary.NameOf(span.Category));
                json.WriteString("ph", "X");
                json.WriteNumber("ts", Microseconds(start, span.Start));
                json.WriteNumber("dur", Microseconds(span.Start, span.End));
                json.WriteNumber("pid", 1);
                json.WriteNumber("tid", row);
                json.WriteEndObject();
            }
            json.Flush(); // of what may be many megabytes
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A metadata event: what the viewer calls a thread.</summary>
    private static void WriteName(Utf8JsonWriter json, int row, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", "thread_name");
        json.WriteString("ph", "M");
        json.WriteNumber("pid", 1);
        json.WriteNumber("tid", row);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter json, ProfileSummary summary)
    {
        json.WriteStartObject("otherData");
        json.WriteString("engram", EngramVersion.Current);
        json.WriteNumber("seconds", summary.Wall.TotalSeconds);
        json.WriteNumber("spansLeftOut", summary.SpansLeftOut);
        json.WriteStartObject("shares");
        foreach (ProfileCategory category in Enum.GetValues<ProfileCategory>())
        {
            json.WriteNumber(ProfileSummary.NameOf(category), summary.Share(category));
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Whole nanoseconds, so that a span inside another one stays there.</summary>
    private static decimal Microseconds(long from, long to) => (decimal)((to - from) * (1_000_000_000 / Stopwatch.Frequency)) / 1000;
}
