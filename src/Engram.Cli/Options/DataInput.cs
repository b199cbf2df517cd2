namespace Engram.Cli.Options;

/// <summary>Data of the files that a command names, or of standard input where the only one is <c>-</c>.</summary>
internal static class DataInput
{
    public static T Read<T>(IReadOnlyList<string> files, Func<IReadOnlyList<string>, T> fromFiles, Func<Stream, T> fromStream)
    {
        if (files is not ["-"])
        {
            return fromFiles(files);
        }
        using Stream input = Console.OpenStandardInput();
        return fromStream(input);
    }
}
