namespace Engram.Tasks.Tests;

/// <summary>Real data beside the repository, or where ENGRAM_SHARED says.</summary>
internal static class SharedData
{
    /// <summary>A file of the shared data; the test is skipped where it is not there.</summary>
    public static string Require(string name)
    {
        string? root = Environment.GetEnvironmentVariable("ENGRAM_SHARED");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); root is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Engram.slnx")))
            {
                root = Path.Combine(folder.FullName, "..", "shared");
            }
        }
        string path = Path.GetFullPath(Path.Combine(root ?? ".", "data", name));
        Assert.SkipUnless(File.Exists(path), "skipped: no data");
        return path;
    }
}
