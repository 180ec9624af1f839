using System.Diagnostics;

namespace Samepage.Platform.Windows;

/// <summary>A bounded time in which what another process, or the system for a dead one, has begun is given the chance to be finished.</summary>
internal readonly struct Patience(TimeSpan limit)
{
    private readonly long _end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);

    public bool IsOver => Stopwatch.GetTimestamp() >= _end;

    /// <summary>Lets others run. False when the time is over.</summary>
    public bool Pause()
    {
        if (IsOver)
            return false;
        _ = Thread.Yield();
        return true;
    }
}
