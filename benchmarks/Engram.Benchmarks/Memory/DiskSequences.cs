using System.Runtime.InteropServices;
using Engram.Training;
using Microsoft.Win32.SafeHandles;

namespace Engram.Benchmarks.Memory;

/// <summary>
/// One long sequence of numbers in a file, each of which is to be predicted from those before. It is cut into as many strands as a batch has rows, and each strand into
/// pieces that go on from each other (<see cref="FitOptions.CarryState"/>): sample j · strands + s is piece j of strand s. Only what a batch needs is read.
/// </summary>
internal sealed class DiskSequences : ISampleSource, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly int _strands, _piece;
    private readonly long _strandLength;

    public DiskSequences(string path, long steps, int strands, int piece)
    {
        (_file, _strands, _piece, _strandLength) = (File.OpenHandle(path), strands, piece, (steps - 1) / strands / piece * piece);
        Count = (int)(_strandLength / piece * strands);
    }

    public int Count { get; }

    public Shape InputShape => new(_piece, 1);

    public Shape TargetShape => new(_piece, 1);

    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            long first = samples[i] % _strands * _strandLength + samples[i] / _strands * (long)_piece;
            ReadAt(first, inputs.Slice(i * _piece, _piece));
            if (!targets.IsEmpty)
            {
                ReadAt(first + 1, targets.Slice(i * _piece, _piece));
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadAt(long step, Span<float> values)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        for (int read = 0; read < bytes.Length;)
        {
            int count = RandomAccess.Read(_file, bytes[read..], step * sizeof(float) + read);
            read += count > 0 ? count : throw new EndOfStreamException("The file ends before its last step.");
        }
    }
}
