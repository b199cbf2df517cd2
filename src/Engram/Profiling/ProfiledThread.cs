using System.Diagnostics;

namespace Engram.Profiling;

/// <summary>
/// What one thread did while a profile was taken. A span's own time is what of it no span inside it covers; the sums of own times are
/// exact however long the profile, the spans themselves are kept as far as there is room. Written by its thread alone.
/// </summary>
internal sealed class ProfiledThread(Profile profile, string name, bool isWorker)
{
    /// <summary>Spans that are kept of a thread.</summary>
    public const int MostSpans = 1 << 16;

    /// <summary>Of so many cell updates one is timed: a prime, so that no sample falls on the same panel again and again.</summary>
    private const int CellsPerSample = 61;

    private readonly long[] _own = new long[Enum.GetValues<ProfileCategory>().Length];
    private FinishedSpan[] _spans = [];
    private OpenSpan[] _open = new OpenSpan[32];
    private int _depth;
    private int _cellsToSample = CellsPerSample;
    private int _count;
    private long _left;

    public Profile Profile => profile;

    public string Name => name;

    /// <summary>Whether the thread is one of a backend's: where it does nothing, it waits.</summary>
    public bool IsWorker => isWorker;

    /// <summary>When the first span began; of a worker, when the profile first met it.</summary>
    public long First { get; private set; } = isWorker ? Stopwatch.GetTimestamp() : 0;

    /// <summary>When the last span ended.</summary>
    public long Last { get; private set; }

    /// <summary>Time by category, in ticks of the clock.</summary>
    public ReadOnlySpan<long> Own => _own;

    /// <summary>Spans, in the order of their ends.</summary>
    public ReadOnlySpan<FinishedSpan> Spans => _spans.AsSpan(0, Volatile.Read(ref _count));

    /// <summary>Spans that found no room.</summary>
    public long LeftOut => _left;

    /// <summary>The span that is under way.</summary>
    public (string Name, ProfileCategory Category) Current => _depth == 0 ? ("", ProfileCategory.Other) : (_open[_depth - 1].Name, _open[_depth - 1].Category);

    /// <summary>
    /// Counts a cell update within a product. Cells are too short to be spans of their own: one in <see cref="CellsPerSample"/> is timed, and stands for the others.
    /// </summary>
    /// <returns>Whether this one is to be timed.</returns>
    public bool CountCell()
    {
        if (--_cellsToSample > 0)
        {
            return false;
        }
        _cellsToSample = CellsPerSample;
        return _depth > 0;
    }

    /// <summary>Tells how long the cell update took that was to be timed.</summary>
    public void AddCell(long ticks) => _open[_depth - 1].Cells += CellsPerSample * Math.Max(0, ticks - ClockTicks.Value);

    public void Begin(string name, ProfileCategory category)
    {
        if (_spans.Length == 0)
        {
            _spans = new FinishedSpan[MostSpans];
        }
        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, 2 * _depth);
        }
        long now = Stopwatch.GetTimestamp();
        if (First == 0)
        {
            First = now;
        }
        _open[_depth++] = new OpenSpan { Name = name, Category = category, Start = now };
    }

    public void End()
    {
        if (profile.IsStopped)
        {
            return;
        }
        long now = Stopwatch.GetTimestamp();
        ref OpenSpan span = ref _open[--_depth];
        long own = now - span.Start - span.Inside, cells = Math.Min(own, span.Cells);
        _own[(int)span.Category] += own - cells;
        _own[(int)ProfileCategory.Activations] += cells;
        if (_depth > 0)
        {
            _open[_depth - 1].Inside += now - span.Start;
        }
        Last = now;
        if (_count < _spans.Length)
        {
            _spans[_count] = new FinishedSpan(span.Name, span.Category, span.Start, now);
            Volatile.Write(ref _count, _count + 1);
        }
        else
        {
            _left++;
        }
    }

    private struct OpenSpan
    {
        public string Name;
        public ProfileCategory Category;
        public long Start;

        /// <summary>Time in spans inside.</summary>
        public long Inside;

        /// <summary>Time in cell updates, as the samples tell.</summary>
        public long Cells;
    }

    /// <summary>What it takes to look at the clock twice.</summary>
    private static class ClockTicks
    {
        public static readonly long Value = Enumerable.Range(0, 1000).Min(_ => Twice());

        private static long Twice()
        {
            long first = Stopwatch.GetTimestamp();
            return Stopwatch.GetTimestamp() - first;
        }
    }
}

/// <summary>A stretch of a thread's time, from and to in ticks of the clock.</summary>
internal readonly record struct FinishedSpan(string Name, ProfileCategory Category, long Start, long End);
