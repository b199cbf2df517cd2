using System.Text;

namespace Engram.Testing;

/// <summary>A folder of a test's own, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("engram-tests-");

    public string Path => _folder.FullName;

    /// <summary>Names of all that lies in the folder, hidden files included, in ordinal order.</summary>
    public string[] Names => [.. _folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal)];

    /// <summary>The path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text, in UTF-8 without a mark where no encoding is given.</summary>
    /// <returns>The file's path.</returns>
    public string Write(string text, string name = "data.csv", Encoding? encoding = null)
    {
        System.IO.File.WriteAllText(File(name), text, encoding ?? new UTF8Encoding(false));
        return File(name);
    }

    /// <returns>The file's path.</returns>
    public string WriteBytes(byte[] bytes, string name = "data.csv")
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
