using System.Text;
using System.Text.Json;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>
/// Reads a file of options: one JSON object of names without the lines before them, and values as the command line takes them, lists with commas between or
/// as arrays, <c>true</c> and <c>false</c> for options without a value. Comments and a last comma are allowed.
/// <code>
///   { "units": [200, 200], "optimizer": "sgd", "learning-rate": 1, "tie-weights": true }
/// </code>
/// </summary>
internal static class ConfigFile
{
    private static readonly JsonReaderOptions Form = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>An option as a file gives it.</summary>
    /// <param name="Name">Its name, without lines before it.</param>
    /// <param name="Value">Its value as text; null where <paramref name="Switch"/> is given.</param>
    /// <param name="Switch">The value where it is true or false; null otherwise.</param>
    /// <param name="Line">Where it stands, 1 the first line.</param>
    internal sealed record Entry(string Name, string? Value, bool? Switch, long Line);

    /// <summary>The options that a file gives, in its order.</summary>
    /// <exception cref="InvalidOptionException">There is no such file, or it is no object of names and plain values.</exception>
    public static IReadOnlyList<Entry> Read(string file)
    {
        byte[] bytes = Bytes(file);
        ReadOnlySpan<byte> json = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        Utf8JsonReader reader = new(json, Form);
        try
        {
            return Entries(file, json, ref reader);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An InvalidOperationException is a text that is no UTF-8.
            throw Bad(file, LineOf(json, reader.BytesConsumed), "this is no JSON. Give one object of options, such as { \"units\": [64, 64], \"dropout\": 0.2 }.");
        }
    }

    /// <summary>What is wrong at a line of the file.</summary>
    public static InvalidOptionException Bad(string file, long line, string what) => new("--config", file, FormattableString.Invariant($"line {line}: {what}"));

    private static byte[] Bytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidOptionException("--config", file, "there is no such file. Check the name.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOptionException("--config", file, Directory.Exists(file) ? "is a folder. Name the file in it." : $"cannot be read: {exception.Message.TrimEnd('.')}. Name another file.");
        }
    }

    private static List<Entry> Entries(string file, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        List<Entry> entries = [];
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            long line = LineOf(json, reader.TokenStartIndex);
            reader.Read();
            entries.Add(reader.TokenType switch
            {
                JsonTokenType.True or JsonTokenType.False => new Entry(name, null, reader.TokenType == JsonTokenType.True, line),
                JsonTokenType.StartArray => new Entry(name, List(ref reader) ?? throw Bad(file, line, $"'{name}' may hold texts and numbers alone."), null, line),
                _ => new Entry(name, Plain(ref reader) ?? throw Bad(file, line, $"'{name}' needs a text, a number, a list, true or false. Leave it out for its default."), null, line),
            });
        }
        // Reads to the end, so that what stands behind the object is seen.
        while (reader.Read())
        {
        }
        return entries;
    }

    /// <summary>The texts of an array, with commas between; null where it holds something else.</summary>
    private static string? List(ref Utf8JsonReader reader)
    {
        List<string> texts = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Plain(ref reader) is not { } text)
            {
                return null;
            }
            texts.Add(text);
        }
        return string.Join(',', texts);
    }

    /// <summary>A text, or a number as it is written; null for anything else.</summary>
    private static string? Plain(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => null,
    };

    private static long LineOf(ReadOnlySpan<byte> json, long place) => 1 + json[..(int)place].Count((byte)'\n');
}
