using System.Collections;
using System.Runtime.InteropServices;

namespace Engram.Data;

/// <summary>
/// Texts in their order: the first in memory, up to a limit, the others in a temporary file as UTF-16, so that any string comes back as it was; 8 bytes of
/// memory a text tell where it stands. First all are added, then all are read, by many threads at once. The file goes with the store, to the garbage collector at the latest.
/// </summary>
internal sealed class TextStore : IReadOnlyList<string>, IDisposable
{
    /// <summary>Bytes of texts that stay in memory unless another number is given: 1 GiB.</summary>
    public const long DefaultMemoryLimit = 1L << 30;

    /// <summary>Bytes that a string takes beside its characters, the reference to it included.</summary>
    private const int BytesBeside = 32;

    private const int BufferSize = 1 << 16; // characters

    private readonly List<string> _inMemory = [];
    private readonly List<long> _ends = []; // Where those in the file end, in characters.
    private long _roomLeft;
    private TemporaryFile? _file;
    private char[] _buffer = [];
    private int _used;
    private long _written;

    /// <param name="memoryLimit">Bytes of texts that stay in memory, 0 or more.</param>
    public TextStore(long memoryLimit = DefaultMemoryLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(memoryLimit);
        _roomLeft = memoryLimit;
    }

    /// <summary>Number of texts.</summary>
    public int Count => _inMemory.Count + _ends.Count;

    /// <summary>A text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public string this[int index]
    {
        get
        {
            if (index < _inMemory.Count)
            {
                return _inMemory[index];
            }
            int place = index - _inMemory.Count;
            long first = place == 0 ? 0 : _ends[place - 1];
            return string.Create(
                (int)(_ends[place] - first), (_file, first), static (text, from) => from._file!.Read(MemoryMarshal.AsBytes(text), sizeof(char) * from.first));
        }
    }

    /// <summary>Keeps texts, which are gone through once.</summary>
    /// <exception cref="Files.FileWriteException">The temporary file cannot be written.</exception>
    public static TextStore Of(IEnumerable<string> texts, long memoryLimit = DefaultMemoryLimit)
    {
        TextStore store = new(memoryLimit);
        foreach (string text in texts)
        {
            store.Add(text);
        }
        store.Complete();
        return store;
    }

    /// <summary>Adds a text behind the others.</summary>
    /// <exception cref="Files.FileWriteException">The temporary file cannot be written.</exception>
    public void Add(string text)
    {
        _roomLeft -= BytesBeside + (sizeof(char) * (long)text.Length);
        if (_roomLeft >= 0)
        {
            _inMemory.Add(text);
            return;
        }
        if (_file is null)
        {
            (_file, _buffer) = (new TemporaryFile("put texts into"), new char[BufferSize]);
        }
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            int count = Math.Min(rest.Length, _buffer.Length - _used);
            rest[..count].CopyTo(_buffer.AsSpan(_used));
            rest = rest[count..];
            _used += count;
            if (_used == _buffer.Length)
            {
                Flush();
            }
        }
        _ends.Add(_written + _used);
    }

    /// <summary>No more texts are added: they can be read.</summary>
    /// <exception cref="Files.FileWriteException">The temporary file cannot be written.</exception>
    public void Complete()
    {
        Flush();
        _buffer = [];
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Flush()
    {
        _file?.Append(MemoryMarshal.AsBytes(_buffer.AsSpan(0, _used)));
        (_written, _used) = (_written + _used, 0);
    }
}
