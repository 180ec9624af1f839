using System.Diagnostics;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals;

/// <summary>The two sides of a race: they answer <c>run N</c> with <c>nanoseconds allocatedBytes</c>, and <c>times N</c> with <c>p10 p50 p90 p99 p99.9 max</c> in nanoseconds.</summary>
internal static class RivalLoop
{
    public const string Times = "times";

    /// <summary>Of the side that takes no times.</summary>
    public const string NoTimes = "0 0 0 0 0 0";

    private static readonly double[] _parts = [0.1, 0.5, 0.9, 0.99, 0.999, 1];

    /// <summary>Serves as one of the two sides until there are no more lines.</summary>
    /// <param name="job">What they do.</param>
    /// <param name="first">The one that begins, and takes the time.</param>
    /// <param name="meet">Finds the other side, which may come only now that this one has said that it is ready.</param>
    public static void Serve<TEnd>(Job job, bool first, Func<TEnd> meet)
        where TEnd : struct, IRivalEnd
    {
        RivalSide<TEnd>? side = null;
        PeerLoop.ServeLines(
            words => words[0] == Times ? side!.Times(long.Parse(words[1])) : side!.Run(long.Parse(words[1])),
            () => side = new RivalSide<TEnd>(meet(), job, first));
    }

    /// <summary>The answer to <c>times</c>.</summary>
    public static string Percentiles(long[] ticks)
    {
        Array.Sort(ticks);
        return string.Join(' ', _parts.Select(part => (long)(ticks[(int)(part * (ticks.Length - 1))] * (1e9 / Stopwatch.Frequency))));
    }
}
