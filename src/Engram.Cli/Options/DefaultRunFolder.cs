using System.Buffers;

namespace Engram.Cli.Options;

/// <summary>Names the folder of a run for those who do not.</summary>
internal static class DefaultRunFolder
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create([.. Path.GetInvalidFileNameChars(), ':', '*', '?', '"', '<', '>', '|', '\\', '/', ' ']);

    /// <summary><c>runs/sp500-close</c>, or the first of <c>runs/sp500-close-2</c>, <c>-3</c> … that holds nothing.</summary>
    public static string Choose(string file, string target)
    {
        string data = file == "-" ? "stdin" : Path.GetFileNameWithoutExtension(file);
        string name = string.Concat($"{data}-{target}".Select(letter => Forbidden.Contains(letter) ? '-' : letter));
        string folder = Path.Combine("runs", name);
        for (int number = 2; IsInUse(folder); number++)
        {
            folder = Path.Combine("runs", $"{name}-{number}");
        }
        return folder;
    }

    private static bool IsInUse(string folder) => File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any());
}
