namespace Engram.Data.Tests;

/// <summary>Finds the real data sets that stand beside the repository; tests that need them are skipped without.</summary>
internal static class SharedData
{
    public static string Path(string name)
    {
        string? shared = Environment.GetEnvironmentVariable("ENGRAM_SHARED") ?? Find();
        string path = System.IO.Path.Combine(shared ?? "", "data", name);
        Assert.SkipUnless(shared is not null && File.Exists(path), "skipped: no data");
        return path;
    }

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Engram.slnx")))
            {
                string shared = System.IO.Path.Combine(folder.Parent?.FullName ?? "", "shared");
                return Directory.Exists(shared) ? shared : null;
            }
        }
        return null;
    }
}
