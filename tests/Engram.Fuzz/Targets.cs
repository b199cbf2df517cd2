using System.Text;
using System.Text.Json;
using Engram.Data;
using Engram.Files;
using Engram.Tasks;

namespace Engram.Fuzz;

/// <summary>The readers of files that strangers may have written. Only an <see cref="EngramException"/> may come out of one.</summary>
internal static class Targets
{
    /// <summary>Readers by name. Seeds of a reader lie in the folder of its name.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new SortedDictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["csv"] = ReadCsv,
        ["model"] = bytes => ModelFile.ReadAny(SafeTensorsFile.Read(new MemoryStream(bytes), "fuzzed")),
        ["options"] = bytes => RunFolder.Settings(Encoding.UTF8.GetString(bytes), new ForecastRun.ForecastTask(), "fuzzed").Options.WithFullPaths(),
        ["vocabulary"] = ReadVocabulary,
    };

    /// <summary>Reads what a model file keeps of an encoder, and lets it encode.</summary>
    private static void ReadVocabulary(byte[] bytes)
    {
        TextEncoderDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(bytes, TaskJson.Default.TextEncoderDocument);
        }
        catch (JsonException)
        {
            return; // TaskModel.Load makes a typed error of it
        }
        if (document is not null)
        {
            TextEncoder encoder = TextEncoder.FromDocument(document);
            encoder.Decode(encoder.Encode("The quick brown fox, 1,000.50 «数据» 😀\n"));
        }
    }

    /// <summary>Reads a table and asks it for each column in every form.</summary>
    private static void ReadCsv(byte[] bytes)
    {
        Table table = CsvTableReader.Read([CsvSource.FromBytes(bytes, "fuzzed")], new CsvOptions(), default);
        foreach (Column column in table.Columns)
        {
            Ask(() => table.Numbers(column.Name));
            Ask(() => table.Times(column.Name));
            Ask(() => table.Texts(column.Name));
        }
        TimeIndex.Find(table);
    }

    private static void Ask<T>(Func<T> question)
    {
        try
        {
            question();
        }
        catch (DataException)
        {
        }
    }
}
