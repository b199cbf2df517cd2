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

    [Theory]
    [InlineData(5)]
    [InlineData(28)]
    public void A_disk_that_fails_is_told(int fault)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows flushes no folders");

        Assert.Equal(fault, Assert.Throws<IOException>(() => FolderFlush.ThrowIfDiskFailed(fault)).HResult);
        FolderFlush.ThrowIfDiskFailed(22); // EINVAL: a file system without such a thing
    }

    [Fact]
    public void A_missing_folder_is_not_flushed() => Assert.False(FolderFlush.Flush(_folder.File("none")));
}
