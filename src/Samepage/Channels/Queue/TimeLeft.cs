using System.Diagnostics;

namespace Samepage.Channels;

/// <summary>What is left of a time that began now, for one who waits several times.</summary>
internal readonly struct TimeLeft(TimeSpan whole)
{
    private readonly long _begun = whole == Timeout.InfiniteTimeSpan || whole == TimeSpan.Zero ? 0 : Stopwatch.GetTimestamp();

    public TimeSpan Left
    {
        get
        {
            // What is no time is for the wait to refuse.
            if (whole <= TimeSpan.Zero)
                return whole;
            TimeSpan left = whole - Stopwatch.GetElapsedTime(_begun);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
