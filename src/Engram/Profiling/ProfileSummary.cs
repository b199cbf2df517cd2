using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engram.Profiling;

namespace Engram;

/// <summary>
/// The shares of a profile. A thread's time runs from its first span to the end of its last, a worker thread's from the first job of its backend to the end of
/// the profile; all threads together are the whole.
/// </summary>
public sealed class ProfileSummary
{
    private static readonly string[] _names = [.. Enum.GetNames<ProfileCategory>().Select(name => name.ToLowerInvariant())];

    private readonly long[] _ticks = new long[_names.Length];

    internal ProfileSummary(long start, long end, IReadOnlyList<ProfiledThread> threads)
    {
        Wall = Stopwatch.GetElapsedTime(start, end);
        Threads = threads.Count;
        foreach (ProfiledThread thread in threads)
        {
            long spans = 0;
            for (int i = 0; i < _ticks.Length; i++)
            {
                long own = thread.Own[i];
                _ticks[i] += own;
                spans += own;
            }
            long whole = thread.IsWorker ? end - thread.First : thread.Last - thread.First;
            _ticks[(int)(thread.IsWorker ? ProfileCategory.Idle : ProfileCategory.Other)] += Math.Max(0, whole - spans);
            SpansLeftOut += thread.LeftOut;
        }
    }

    /// <summary>From the beginning of the profile to its end.</summary>
    public TimeSpan Wall { get; }

    /// <summary>Threads that took part.</summary>
    public int Threads { get; }

    /// <summary>Spans that the trace has no room for; the shares count them.</summary>
    public long SpansLeftOut { get; }

    /// <summary>The time of all threads that was spent on something.</summary>
    public TimeSpan Time(ProfileCategory category) => Stopwatch.GetElapsedTime(0, _ticks[(int)category]);

    /// <summary>The same as a share of the time of all threads: 0 to 1. The shares of all categories make 1; without any span they are 0.</summary>
    public double Share(ProfileCategory category) => _ticks.Sum() is > 0 and var all ? (double)_ticks[(int)category] / all : 0;

    /// <summary>A table: category, share, seconds.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Where the time went: {Wall.TotalSeconds:0.000} s on {Threads} thread{(Threads == 1 ? "" : "s")}\n");
        foreach (ProfileCategory category in Enum.GetValues<ProfileCategory>())
        {
            text.Append(CultureInfo.InvariantCulture, $"  {NameOf(category),-12}{100 * Share(category),6:0.0}% {Time(category).TotalSeconds,9:0.000} s\n");
        }
        return text.ToString().TrimEnd();
    }

    internal static string NameOf(ProfileCategory category) => _names[(int)category];
}
