using Engram.Files;

namespace Engram.Tests.Files;

public sealed class FolderFlushTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_flushed_where_the_system_knows_how()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows flushes no folders");

        Assert.True(FolderFlush.Flush(_folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_not_flushed() => Assert.False(FolderFlush.Flush(_folder.File("none")));
}
