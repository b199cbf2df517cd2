using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Engram.Data.Tests.Csv;

public sealed class GzipTests : IDisposable
{
    private static readonly byte[] _table = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},é{i % 7}\n")));
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    private static byte[] Pack(byte[] bytes)
    {
        MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }
        return packed.ToArray();
    }

    [Fact]
    public void A_packed_table_is_the_table_whatever_its_name()
    {
        byte[] packed = Pack(_table);
        Table plain = Table.ReadCsv(_files.WriteBytes(_table)), unpacked = Table.ReadCsv(_files.WriteBytes(packed, "table.csv"));
        Assert.Equal(plain.Numbers("a"), unpacked.Numbers("a"));
        Assert.Equal(plain.Texts("b"), unpacked.Texts("b"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(packed)), unpacked.Sha256);
        Assert.Equal(plain.Numbers("a"), Table.ReadCsv(new MemoryStream(packed)).Numbers("a"));
    }

    [Fact]
    public void An_archive_of_several_parts_is_read_to_its_end()
    {
        int half = _table.Length / 2;
        Assert.Equal(40_000, Table.ReadCsv(_files.WriteBytes([.. Pack(_table[..half]), .. Pack(_table[half..])])).RowCount);
    }

    [Fact]
    public void An_archive_with_a_byte_order_mark() => Assert.Equal([1.0], Table.ReadCsv(_files.WriteBytes(Pack([0xEF, 0xBB, 0xBF, .. "x\n1\n"u8]))).Numbers("x"));

    [Fact]
    public void An_archive_cut_anywhere_is_refused()
    {
        byte[] packed = Pack(_table);
        foreach (int length in new[] { 3, 10, 11, 100, packed.Length / 2, packed.Length - 9, packed.Length - 8, packed.Length - 4, packed.Length - 1 })
        {
            Refused(packed[..length]);
        }
    }

    [Fact]
    public void A_damaged_archive_is_refused()
    {
        byte[] sound = Pack(_table);
        for (int at = 20; at < sound.Length; at += sound.Length / 50)
        {
            byte[] damaged = [.. sound];
            damaged[at] ^= 0x10;
            Refused(damaged);
        }
        Refused([.. sound, 1, 2, 3]);
    }

    private void Refused(byte[] archive)
    {
        string path = _files.WriteBytes(archive);
        DataException error = Assert.Throws<DataException>(() => Table.ReadCsv(path));
        Assert.Contains("is a gzip archive that is damaged or cut off. Copy or download it again.", error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.File);
    }
}
