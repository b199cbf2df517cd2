using System.Text.Encodings.Web;
using System.Text.Json;

namespace Engram.Cli.Output;

/// <summary>Writes one JSON object as a document of its own, indented, letters of every script as they are.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, Action<Utf8JsonWriter> writeMembers)
    {
        using (Utf8JsonWriter json = new(output, Options))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    /// <summary>Writes a list of plain values.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="values">The values.</param>
    /// <param name="write">Writes one.</param>
    public static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            write(value);
        }
        json.WriteEndArray();
    }
}
