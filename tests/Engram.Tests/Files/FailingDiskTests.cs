using Engram.Files;
using Engram.Training;

namespace Engram.Tests.Files;

/// <summary>Every write, flush and rename fails in turn, with every reason: what was there before is unchanged, and the message names the file.</summary>
public sealed class FailingDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Disk.Replace(null);
        _folder.Dispose();
    }

    public static TheoryData<string, string> Faults
    {
        get
        {
            TheoryData<string, string> faults = [];
            foreach (string reason in (string[])["no space", "no permission", "I/O error"])
            {
                foreach (string step in (string[])["create", "write", "flush", "rename"])
                {
                    faults.Add(step, reason);
                }
            }
            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_step_that_fails_leaves_the_old_file_and_nothing_else(string step, string reason)
    {
        string path = _folder.File("model.bin");
        File.WriteAllBytes(path, [1, 2, 3]);
        Disk.Replace(new FailingDisk(step, 1, reason));

        FileWriteException error = Assert.Throws<FileWriteException>(() => AtomicFile.Write(path, stream => stream.Write(new byte[300_000])));

        Assert.StartsWith($"Cannot write '{path}': ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason switch { "no space" => "the disk is full", "no permission" => "no permission", _ => "I/O error" }, error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal(["model.bin"], _folder.Names);
    }

    [Fact]
    public void A_folder_that_cannot_be_flushed_fails_after_the_new_file_is_whole()
    {
        string path = _folder.File("model.bin");
        File.WriteAllBytes(path, [1]);
        Disk.Replace(new FailingDisk("flush folder", 1, "I/O error"));
        Assert.Throws<FileWriteException>(() => AtomicFile.Write(path, stream => stream.WriteByte(2)));
        Assert.Equal([2], File.ReadAllBytes(path));
        Assert.Equal(["model.bin"], _folder.Names);
    }

    /// <summary>All of the steps that a training takes on the disk, counted, and each of them made to fail.</summary>
    [Fact]
    public void Whatever_fails_in_a_training_its_last_checkpoint_can_go_on_to_the_uncut_end()
    {
        float[] uncut = Train("uncut", resume: false);
        var counting = new FailingDisk("", 0, "");
        Disk.Replace(counting);
        Train("counted", resume: false);
        Assert.True(counting.Steps > 100, $"{counting.Steps} steps");
        TestContext.Current.SendDiagnosticMessage($"{counting.Steps} steps on the disk");

        for (int step = 1; step <= counting.Steps; step++)
        {
            string name = $"run{step}";
            Disk.Replace(new FailingDisk("any", step, step % 2 == 0 ? "no space" : "I/O error"));
            FileWriteException error = Assert.Throws<FileWriteException>(() => Train(name, resume: false));
            Disk.Replace(null);
            Assert.Contains(_folder.File(name), error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.Names, file => file.EndsWith(".tmp", StringComparison.Ordinal));
            Assert.Equal(uncut, Train(name, resume: true));
        }
    }

    [Fact]
    public void Of_temporary_files_those_of_the_dead_go_and_those_of_the_living_stay()
    {
        string left = _folder.File(".engram-0123.tmp");
        File.WriteAllBytes(left, [1]);
        File.WriteAllBytes(_folder.File(".engram-other"), [1]);

        AtomicFile.Write(_folder.File("model.bin"), stream =>
        {
            stream.WriteByte(2);
            Assert.Equal(1, AtomicFile.RemoveLeftovers(_folder.Path));
        });

        Assert.Equal([".engram-other", "model.bin"], _folder.Names);
        Assert.Equal([2], File.ReadAllBytes(_folder.File("model.bin")));
        Assert.Equal(0, AtomicFile.RemoveLeftovers(_folder.File("nowhere")));
    }

    [Fact]
    public void The_next_training_removes_what_a_killed_one_left()
    {
        File.WriteAllBytes(_folder.File(".engram-dead.tmp"), [1]);
        Train("run", resume: false);
        Assert.Equal(["run", "run.csv", "run.model"], _folder.Names);
    }

    private float[] Train(string name, bool resume)
    {
        var model = new Sequential(new Lstm(3), new Dense(1));
        model.Compile(new Adam(0.05), Loss.MeanSquaredError);
        model.Fit(Tensor.Normal(new RandomStream(1), 12, 4, 2), Tensor.Normal(new RandomStream(2), 12, 1), new FitOptions
        {
            Epochs = 2, BatchSize = 6, CheckpointPath = _folder.File(name), CheckpointInterval = TimeSpan.Zero, Resume = resume,
            Callbacks = [new EarlyStopping(9) { RestoreBest = false }, new ModelCheckpoint(_folder.File(name + ".model")), new CsvLog(_folder.File(name + ".csv"))],
        });
        return [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];
    }

    /// <summary>The real disk, whose n-th step of a kind fails. A write that fails has written half.</summary>
    private sealed class FailingDisk(string kind, int number, string reason) : IDisk
    {
        private readonly IDisk _disk = RealDisk();
        private int _left = number;

        public int Steps { get; private set; }

        public Stream Create(string path)
        {
            Fail("create");
            return new FailingStream(this, _disk.Create(path));
        }

        public void Flush(Stream stream)
        {
            Fail("flush");
            ((FailingStream)stream).Inner.Flush(); // the real disk takes its time
        }

        public void Rename(string from, string to)
        {
            Fail("rename");
            _disk.Rename(from, to);
        }

        public void FlushFolder(string folder) => Fail("flush folder");

        public void Delete(string path) => _disk.Delete(path);

        public void Fail(string step)
        {
            Steps++;
            if ((kind == "any" || kind == step) && --_left == 0)
            {
                throw reason switch
                {
                    "no permission" => new UnauthorizedAccessException("Access denied."),
                    "no space" => new IOException("No space left.", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28),
                    _ => new IOException("I/O error."),
                };
            }
        }

        private static IDisk RealDisk()
        {
            Disk.Replace(null);
            return Disk.Current;
        }
    }

    private sealed class FailingStream(FailingDisk disk, Stream inner) : Stream
    {
        public Stream Inner => inner;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer[..(buffer.Length / 2)]);
            disk.Fail("write");
            inner.Write(buffer[(buffer.Length / 2)..]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
