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
}
