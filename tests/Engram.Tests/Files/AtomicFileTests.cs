using Engram.Files;

namespace Engram.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_holds_what_was_written_and_nothing_lies_beside_it()
    {
        AtomicFile.Write(_folder.File("new.bin"), stream => stream.Write([1, 2, 3]));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder.File("new.bin")));
        Assert.Equal(["new.bin"], _folder.Names);
    }

    [Fact]
    public void An_old_file_is_replaced_whole_even_by_a_shorter_one()
    {
        string path = _folder.File("model.bin");
        File.WriteAllBytes(path, [1, 2, 3, 4]);

        AtomicFile.Write(path, stream => stream.WriteByte(9));

        Assert.Equal([9], File.ReadAllBytes(path));
        Assert.Equal(["model.bin"], _folder.Names);
    }

    [Fact]
    public void Readers_see_the_old_file_until_the_new_one_is_complete()
    {
        string path = _folder.File("model.bin");
        File.WriteAllBytes(path, [1]);

        AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(2);
            stream.Flush();
            Assert.Equal([1], File.ReadAllBytes(path));
        });

        Assert.Equal([2], File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failing_writer_leaves_what_was_there_and_no_temporary_file(bool existed)
    {
        string path = _folder.File("model.bin");
        if (existed)
        {
            File.WriteAllBytes(path, [1, 2, 3]);
        }

        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[200_000]);
            throw new InvalidTimeZoneException();
        }));

        Assert.Equal(existed ? ["model.bin"] : [], _folder.Names);
        Assert.True(!existed || File.ReadAllBytes(path) is [1, 2, 3]);
    }

    [Fact]
    public void A_disk_that_fails_half_way_leaves_what_was_there_and_no_temporary_file()
    {
        string path = _folder.File("model.bin");
        File.WriteAllBytes(path, [1, 2, 3]);

        FileWriteException error = Assert.Throws<FileWriteException>(
            () => AtomicFile.Write(path, _ => throw new IOException("Input/output error.")));

        Assert.Equal($"Cannot write '{path}': Input/output error. Check the disk, or choose another place.", error.Message);
        Assert.Equal(["model.bin"], _folder.Names);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_full_disk_is_named_with_a_remedy()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "skipped: no /dev/full");

        FileWriteException error = Assert.Throws<FileWriteException>(
            () => AtomicFile.Write("/dev/full", stream => stream.Write(new byte[200_000])));

        Assert.Equal(
            "Cannot write '/dev/full': the disk is full. Free some space, or choose a place on another disk.", error.Message);
    }

    [Fact]
    public void A_device_is_written_to_and_not_replaced()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "skipped: no /dev/null");

        AtomicFile.Write("/dev/null", stream => stream.Write([1, 2, 3]));

        Assert.Empty(File.ReadAllBytes("/dev/null"));
    }

    [Fact]
    public void A_missing_folder_is_named_and_not_made()
    {
        FileWriteException error = Refused(_folder.File("runs/model.bin"));

        AssertReason($"the folder '{_folder.File("runs")}' does not exist. Create it first, or choose another place.", error);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_folder_cannot_be_written_as_a_file()
    {
        AssertReason("it is a folder. Give the name of a file.", Refused(_folder.Path));
        AssertReason("it is a folder. Give the name of a file.", Refused(_folder.File("runs/")));
    }

    [Fact]
    public void A_file_cannot_hold_a_file()
    {
        File.WriteAllBytes(_folder.File("data.csv"), [1]);

        FileWriteException error = Refused(_folder.File("data.csv/model.bin"));

        AssertReason($"'{_folder.File("data.csv")}' is a file, not a folder. Choose another place.", error);
    }

    [Fact]
    public void A_write_protected_file_is_left_alone()
    {
        string path = _folder.File("model.bin");
        File.WriteAllBytes(path, [1]);
        File.SetAttributes(path, FileAttributes.ReadOnly);

        FileWriteException error = Refused(path);
        File.SetAttributes(path, FileAttributes.Normal);

        AssertReason("the file is write-protected. Remove the protection, or choose another name.", error);
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_folder_that_takes_no_files_is_reported()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "skipped: no /proc");

        Assert.StartsWith("Cannot write '/proc/self/model.bin': ", Refused("/proc/self/model.bin").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_too_long_for_the_disk_is_reported_and_leaves_nothing()
    {
        FileWriteException error = Refused(_folder.File(new string('m', 300)));

        AssertReason("its name is too long. Choose a shorter one.", error);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_link_stays_a_link_and_its_target_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: links need a right on Windows");
        File.WriteAllBytes(_folder.File("target.bin"), [1]);
        File.CreateSymbolicLink(_folder.File("link.bin"), "target.bin");

        AtomicFile.Write(_folder.File("link.bin"), stream => stream.WriteByte(2));

        Assert.Equal("target.bin", new FileInfo(_folder.File("link.bin")).LinkTarget);
        Assert.Equal([2], File.ReadAllBytes(_folder.File("target.bin")));
    }

    [Fact]
    public void Permissions_of_a_replaced_file_are_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("skipped: no Unix permissions");
            return;
        }
        string path = _folder.File("model.bin");
        File.WriteAllBytes(path, [1]);
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite;
        File.SetUnixFileMode(path, mode);

        AtomicFile.Write(path, stream => stream.WriteByte(2));

        Assert.Equal(mode, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Text_is_utf8_without_a_mark_and_with_line_feeds()
    {
        AtomicFile.WriteText(_folder.File("history.csv"), writer =>
        {
            writer.WriteLine("日期,loss");
            writer.WriteLine("1,2");
        });

        Assert.Equal("日期,loss\n1,2\n"u8.ToArray(), File.ReadAllBytes(_folder.File("history.csv")));
    }

    private static void AssertReason(string reasonAndRemedy, FileWriteException error) =>
        Assert.EndsWith(": " + reasonAndRemedy, error.Message, StringComparison.Ordinal);

    private static FileWriteException Refused(string path) =>
        Assert.Throws<FileWriteException>(() => AtomicFile.Write(path, stream => stream.WriteByte(7)));
}
