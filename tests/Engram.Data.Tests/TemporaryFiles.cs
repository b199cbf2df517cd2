using System.Text;

namespace Engram.Data.Tests;

/// <summary>A folder of its own for the files that a test writes.</summary>
public sealed class TemporaryFiles : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("engram-data-").FullName;

    public string Write(string text, string name = "data.csv", Encoding? encoding = null)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }

    public string WriteBytes(byte[] bytes, string name = "data.csv")
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
