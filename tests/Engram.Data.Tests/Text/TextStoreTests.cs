using CsCheck;
using Engram.Files;

namespace Engram.Data.Tests.Text;

public sealed class TextStoreTests
{
    private static readonly string[] _odd = ["", "\uD83D", "\uDE00\uD83D", "👍🏽", "\0", "\r\n"];

    private static readonly long[] _memoryLimits = [0, 100, 5000, 1L << 30];

    /// <summary>Any strings: empty ones, halves of surrogate pairs, some longer than the buffer.</summary>
    private static readonly Gen<string> _anyText = Gen.Frequency(
        (20, Gen.Char.Array[0, 40].Select(units => new string(units))),
        (4, Gen.Int[0, _odd.Length - 1].Select(i => _odd[i])),
        (1, Gen.Select(Gen.Char, Gen.Int[0, 200_000]).Select((unit, count) => new string(unit, count))));

    [Fact]
    public void Any_texts_come_back_as_they_were_from_memory_and_from_the_file() => Gen.Select(_anyText.Array[0, 40], Gen.Int[0, _memoryLimits.Length - 1]).Sample(
        (texts, limit) =>
        {
            using TextStore store = TextStore.Of(texts, _memoryLimits[limit]);
            Assert.Equal(texts.Length, store.Count);
            Assert.Equal(texts, store);
            Assert.All(Enumerable.Range(0, texts.Length).Reverse(), i => Assert.Equal(texts[i], store[i]));
            Assert.Throws<ArgumentOutOfRangeException>(() => store[texts.Length]);
            Assert.Throws<ArgumentOutOfRangeException>(() => store[-1]);
        },
        iter: 300);

    [Fact]
    public void What_stays_in_memory_are_the_strings_that_were_given()
    {
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => new string('a', i))];
        using TextStore store = TextStore.Of(texts), partly = TextStore.Of(texts, 2000);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Same(texts[i], store[i]));
        Assert.Same(texts[20], partly[20]);
        Assert.NotSame(texts[80], partly[80]);
    }

    [Fact]
    public void Many_threads_read_at_once()
    {
        string[] texts = [.. Enumerable.Range(0, 5000).Select(i => string.Join(' ', Enumerable.Range(i, i % 50)))];
        using TextStore store = TextStore.Of(texts, 20_000);
        Parallel.For(0, 50_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int place = (int)((long)i * 7919 % texts.Length);
            Assert.Equal(texts[place], store[place]);
        });
    }

    [Fact]
    public void A_store_that_is_closed_tells_so()
    {
        TextStore store = TextStore.Of(["one", "two"], 0);
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextStore(-1));
    }

    [Fact]
    public void The_temporary_file_has_no_name_that_a_killed_process_could_leave_behind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows removes the file itself.");
        using TemporaryFile file = new("put texts into");
        file.Append([1, 2, 3]);
        Assert.False(File.Exists(file.Stream.Name));
        byte[] bytes = new byte[2];
        file.Read(bytes, 1);
        Assert.Equal([2, 3], bytes);
        Assert.Throws<EndOfStreamException>(() => file.Read(bytes, 2));
        FileWriteException fault = file.Fault(new IOException("No space left on device."));
        Assert.StartsWith($"Cannot put texts into the folder of temporary files, {Path.GetTempPath()}: No space left on device. Free", fault.Message, StringComparison.Ordinal);
    }
}
