namespace Engram.Testing;

/// <summary>Real data beside the repository, or where ENGRAM_SHARED says.</summary>
internal static class SharedData
{
    /// <summary>A file of the shared data; the test is skipped where it is not there.</summary>
    public static string Require(string name)
    {
        string root = Environment.GetEnvironmentVariable("ENGRAM_SHARED") ?? Path.Combine(Repository.Root, "..", "shared");
        string path = Path.GetFullPath(Path.Combine(root, "data", name));
        Assert.SkipUnless(File.Exists(path), "skipped: no data");
        return path;
    }
}
