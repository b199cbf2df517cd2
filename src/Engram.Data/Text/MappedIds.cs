using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Engram.Files;

namespace Engram.Data;

/// <summary>Ids in a temporary file, which the operating system brings into memory where they are read and drops again. The file is gone when it is closed.</summary>
internal sealed unsafe class MappedIds : IDisposable
{
    private readonly TemporaryFile _file = new("put encoded texts into");
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private byte* _first;

    /// <summary>Number of ids.</summary>
    public long Count { get; private set; }

    /// <summary>Appends ids.</summary>
    /// <exception cref="FileWriteException">They cannot be written.</exception>
    public void Append(ReadOnlySpan<int> ids)
    {
        _file.Append(MemoryMarshal.AsBytes(ids));
        Count += ids.Length;
    }

    /// <summary>All is written and can be read.</summary>
    public void Complete()
    {
        _map = MemoryMappedFile.CreateFromFile(_file.Stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _first);
    }

    /// <summary>So many ids from one on.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public ReadOnlySpan<int> Read(long first, int count)
    {
        ObjectDisposedException.ThrowIf(_first is null, typeof(EncodedTexts));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Count);
        return new ReadOnlySpan<int>((int*)_first + first, count);
    }

    public void Dispose()
    {
        if (_first is not null)
        {
            _first = null;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }
}
