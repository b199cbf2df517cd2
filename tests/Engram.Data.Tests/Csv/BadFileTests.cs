using CsCheck;
using System.Text;

namespace Engram.Data.Tests.Csv;

public sealed class BadFileTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    private static DataException Fails(string path, string message)
    {
        DataException exception = Assert.Throws<DataException>(() => Table.ReadCsv(path));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(path, exception.File);
        return exception;
    }

    [Fact]
    public void A_file_that_is_not_there() => Fails(Path.Combine(_files.Path, "nothing.csv"), "there is no such file. Check the name.");

    [Fact]
    public void A_misspelt_file_name()
    {
        _files.Write("a\n1\n", "prices.csv");
        Assert.EndsWith("; did you mean 'prices.csv'?", Fails(Path.Combine(_files.Path, "price.csv"), "no such file").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there() => Fails(Path.Combine(_files.Path, "no", "such", "file.csv"), "nor the folder");

    [Fact]
    public void A_folder() => Fails(_files.Path, "is a folder");

    [Fact]
    public void An_empty_file() => Fails(_files.Write(""), "is empty: it has no bytes. Export the data again, or name another file.");

    [Fact]
    public void A_file_of_blank_lines() => Fails(_files.Write("\n\n\r\n"), "is empty");

    [Fact]
    public void A_byte_order_mark_and_nothing_else() => Fails(_files.Write("", encoding: new UTF8Encoding(true)), "is empty");

    [Fact]
    public void A_header_and_no_rows() => Fails(_files.Write("date,close\n"), "has a header and no rows: date, close. Export the data again");

    [Fact]
    public void Zeros_that_are_no_UTF_16() => Fails(_files.WriteBytes([1, 2, 0, 3, 0, 0, 200, 7, 0, 0]), "no text file");

    [Fact]
    public void Random_bytes()
    {
        byte[] bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        Fails(_files.WriteBytes(bytes), "no text file");
    }

    [Fact]
    public void A_zero_late_in_the_file() => Fails(_files.WriteBytes([.. Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 50_000))), 0]), "no text file");

    [Fact]
    public void A_gzip_archive_that_is_cut_off() => Fails(_files.WriteBytes([0x1F, 0x8B, 8, 0, 0]), "is a gzip archive that is damaged or cut off");

    [Fact]
    public void An_Excel_workbook() => Fails(_files.WriteBytes([(byte)'P', (byte)'K', 3, 4, 20]), "export the sheet as CSV");

    [Theory]
    [InlineData("a,b\n1,2\n3\n5,6\n", 3, "1 cells where the header has 2 (the only such row)")]
    [InlineData("a,b\n1,2\n3,4,5\n6,7\n8\n", 3, "3 cells where the header has 2 (2 such rows)")]
    public void Rows_of_different_lengths(string text, int row, string message) => Assert.Equal(row, Fails(_files.Write(text), message).Row);

    [Fact]
    public void A_quote_that_is_never_closed()
    {
        DataException exception = Fails(_files.Write("a,b\n1,x\n2,\"y\n3,z\n4,w\n"), "a quote (\") is opened and not closed");
        Assert.Equal(3, exception.Row);
    }

    [Fact]
    public void A_row_without_end() => Fails(_files.Write("a,b\n1,\"" + new string('x', 20_000_000)), "row 2 is longer than 16 MiB");

    [Fact]
    public void A_misspelt_column()
    {
        Table table = Table.ReadCsv(_files.Write("date,close,volume\n2024-01-02,1,2\n2024-01-03,2,3\n"));
        DataException exception = Assert.Throws<DataException>(() => table["clsoe"]);
        Assert.Contains("there is no column 'clsoe'. Did you mean 'close'? The columns are: date, close, volume.", exception.Message, StringComparison.Ordinal);
        Assert.Equal("clsoe", exception.Column);
        Assert.DoesNotContain("Did you mean", Assert.Throws<DataException>(() => table["temperature"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_one_column_asks_for_the_delimiter() =>
        Assert.Contains("--delimiter", Assert.Throws<DataException>(
            () => Table.ReadCsv(_files.Write("date,close\n2024-01-02,1\n2024-01-03,2\n"), new() { Delimiter = '|' })["close"]).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_of_different_columns()
    {
        string first = _files.Write("a,b\n1,2\n", "1.csv");
        string second = _files.Write("a,c\n1,2\n", "2.csv");
        DataException exception = Assert.Throws<DataException>(() => Table.ReadCsv([first, second]));
        Assert.Contains("2.csv has no column 'b'", exception.Message, StringComparison.Ordinal);
        Assert.Equal((second, "b"), (exception.File, exception.Column));
    }

    [Fact]
    public void No_file_at_all_and_impossible_options()
    {
        string path = _files.Write("a,b\n1,2\n");
        Assert.Throws<ArgumentException>(() => Table.ReadCsv([]));
        Assert.Throws<ArgumentException>(() => Table.ReadCsv(path, new() { Delimiter = '"' }));
        Assert.Throws<ArgumentException>(() => Table.ReadCsv(path, new() { DecimalMark = 'x' }));
    }

    [Fact]
    public void The_encodings_that_messages_offer_exist()
    {
        string[] names = [.. LegacyEncoding.Examples.Split(["names are ", " and others", ", "], StringSplitOptions.RemoveEmptyEntries)];
        Assert.Contains("gb18030", names);
        Assert.All(names, name => Assert.NotNull(LegacyEncoding.Find(name)));
    }

    [Fact]
    public async Task Cancelling_ends_reading_a_file_and_waiting_for_a_stream()
    {
        using CancellationTokenSource cancel = new();
        SilentStream silent = new();
        Task<Table> reading = Task.Run(() => Table.ReadCsv(silent, cancellation: cancel.Token));
        await silent.IsWaitedFor;
        await cancel.CancelAsync();

        try
        {
            OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            Assert.Equal(cancel.Token, cancelled.CancellationToken);
        }
        finally
        {
            silent.End();
        }
        Assert.Throws<OperationCanceledException>(() => Table.ReadCsv(_files.Write("a,b\n1,2\n"), cancellation: cancel.Token));
    }

    [Fact]
    public void No_bytes_make_it_fail_otherwise() =>
        Check.Sample(
            Gen.OneOf(Gen.Byte.Select(value => value), Gen.Const((byte)','), Gen.Const((byte)'\n'), Gen.Const((byte)'"'), Gen.Byte[(byte)'0', (byte)'9']).Array[0, 60],
            bytes =>
            {
                using MemoryStream stream = new(bytes);
                try
                {
                    return Table.ReadCsv(stream).RowCount > 0;
                }
                catch (DataException)
                {
                    return true;
                }
            },
            iter: 2000);

    /// <summary>
    /// Nothing comes out of it until it ends, as out of a pipe whose writer waits. A real pipe will not do: the runtime does not close one while another
    /// thread reads from it, and waits for ever.
    /// </summary>
    private sealed class SilentStream : Stream
    {
        private readonly TaskCompletionSource _isWaitedFor = new(TaskCreationOptions.RunContinuationsAsynchronously), _ended = new();

        /// <summary>Ends when somebody reads.</summary>
        public Task IsWaitedFor => _isWaitedFor.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void End() => _ended.SetResult();

        public override int Read(byte[] buffer, int offset, int count)
        {
            _isWaitedFor.TrySetResult();
            _ended.Task.Wait();
            return 0;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
