using System.Security.Cryptography;

namespace Engram.Data;

/// <summary>Goes through text files, one behind the other: packed or not, in whatever encoding.</summary>
internal static class TextFiles
{
    /// <summary>Hands every file to a reader.</summary>
    /// <param name="sources">The files.</param>
    /// <param name="encoding">Their character encoding; found from the bytes where null.</param>
    /// <param name="read">Receives the name of a file and its text.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>SHA-256 of the files' bytes one after the other, lower-case hexadecimal, and what was detected, a sentence each.</returns>
    /// <exception cref="DataException">A file is empty, or no text.</exception>
    public static (string Sha256, IReadOnlyList<string> Notes) Read(
        IReadOnlyList<CsvSource> sources, string? encoding, Action<string, StreamReader> read, CancellationToken cancellation)
    {
        List<string> notes = [];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CsvSource source in sources)
        {
            TextEncoding found = TextEncoding.Detect(source, encoding, hash, cancellation);
            if (found.Note is { } note)
            {
                notes.Add(sources.Count > 1 ? $"{source.Name}: {note}" : note);
            }
            using StreamReader reader = found.OpenText(source);
            read(source.Name, reader);
        }
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), notes);
    }
}
