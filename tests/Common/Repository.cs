namespace Engram.Testing;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException("The tests do not lie in the repository.")
            : File.Exists(Path.Combine(folder.FullName, "Engram.slnx")) ? folder.FullName : Find(folder.Parent);
}
