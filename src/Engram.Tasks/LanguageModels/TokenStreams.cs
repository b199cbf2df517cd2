using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// A running text cut into streams that are read side by side, steps at a time: n + 1 tokens give n pairs of a token and the next one, stream r has those from
/// r · ⌈n / streams⌉ on. Sample w · streams + r is window w of stream r, so that batches of as many samples as there are streams go on from one to the next with the
/// state carried. What the last windows lack is masked.
/// </summary>
internal sealed class TokenStreams : ISampleSource
{
    private readonly TokenSequence _tokens;
    private readonly int _streams;
    private readonly int _steps;
    private readonly int _pairs;
    private readonly int _windows;

    /// <param name="tokens">The text, two tokens at least.</param>
    /// <param name="streams">Streams side by side, at most as many as there are pairs.</param>
    /// <param name="steps">Steps of a window.</param>
    /// <param name="wholeWindowsOnly">Whether the end of a stream that does not fill a window is left out.</param>
    public TokenStreams(TokenSequence tokens, int streams, int steps, bool wholeWindowsOnly)
    {
        (_tokens, _streams) = (tokens, streams);
        int all = tokens.Length - 1;
        _pairs = wholeWindowsOnly ? all / streams / steps * steps : (all + streams - 1) / streams;
        _steps = Math.Min(steps, _pairs);
        _windows = _pairs == 0 ? 0 : (_pairs + _steps - 1) / _steps;
        HasMask = (long)_windows * _steps * streams != Math.Min(all, (long)_pairs * streams);
    }

    /// <summary>Streams side by side: samples of a batch.</summary>
    public int StreamCount => _streams;

    public int Count => _windows * _streams;

    public Shape InputShape => new(_steps);

    public Shape TargetShape => new(_steps);

    public bool HasMask { get; }

    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            (int first, int count) = Window(samples[i]);
            Span<float> input = inputs.Slice(i * _steps, _steps);
            Copy(first, count, input);
            if (!targets.IsEmpty)
            {
                Copy(first + 1, count, targets.Slice(i * _steps, _steps));
            }
        }
    }

    public void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            (_, int count) = Window(samples[i]);
            mask.Slice(i * _steps, count).Fill(true);
            mask.Slice((i * _steps) + count, _steps - count).Clear();
        }
    }

    public bool StartsSequence(int sample) => sample < _streams;

    public string Fingerprint() =>
        $"{_tokens.Sha256()}, {_streams} streams of {_pairs}, {_steps} steps";

    private (int First, int Count) Window(int sample)
    {
        int offset = sample / _streams * _steps;
        long first = ((long)(sample % _streams) * _pairs) + offset;
        long end = Math.Min(Math.Min(first + _steps, first - offset + _pairs), _tokens.Length - 1);
        return ((int)Math.Min(first, _tokens.Length - 1), (int)Math.Max(0, end - first));
    }

    private void Copy(int first, int count, Span<float> target)
    {
        _tokens.CopyTo(first, target[..count]);
        target[count..].Clear();
    }
}
