using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Engram.Data;

/// <summary>The fingerprint of a table that was made in memory: SHA-256 over the names and values of its columns.</summary>
internal static class TableHash
{
    public static string Of(IReadOnlyList<Column> columns)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Column column in columns)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(column.Name + '\n'));
            hash.AppendData(column switch
            {
                NumberColumn numbers => MemoryMarshal.AsBytes(numbers.Values.Span),
                TimeColumn times => MemoryMarshal.AsBytes(times.Values.Span),
                TextColumn words => MemoryMarshal.AsBytes(words.Codes.Span),
                _ => [],
            });
            if (column is TextColumn { Levels: { } levels })
            {
                hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', levels)));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
