using System.Diagnostics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A moment on the monotonic clock, which nobody can set: the clock that <see cref="Stopwatch"/> and futexes share on Linux.</summary>
internal readonly struct Deadline : IComparable<Deadline>
{
    private const long NanosecondsPerTick = 100;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _nanoseconds;

    private Deadline(long nanoseconds) => _nanoseconds = nanoseconds;

    public bool IsNever => _nanoseconds == long.MaxValue;

    public static Deadline After(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan || timeout.Ticks > long.MaxValue / 2 / NanosecondsPerTick)
            return new Deadline(long.MaxValue);
        return new Deadline(Stopwatch.GetTimestamp() + timeout.Ticks * NanosecondsPerTick);
    }

    public bool HasPassed => !IsNever && _nanoseconds <= Stopwatch.GetTimestamp();

    public int CompareTo(Deadline other) => _nanoseconds.CompareTo(other._nanoseconds);

    /// <summary>How long it is until then; nothing when it has passed.</summary>
    public TimeSpec FromNow() => new Deadline(Math.Max(0, _nanoseconds - Stopwatch.GetTimestamp())).ToTimeSpec();

    /// <summary>For a sleep that counts in milliseconds: rounded up, and as much as it can count, so that it may end too early; -1 for ever.</summary>
    public int MillisecondsFromNow() => IsNever ? Timeout.Infinite
        : (int)Math.Clamp((_nanoseconds - Stopwatch.GetTimestamp() + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond, 0, int.MaxValue);

    public TimeSpec ToTimeSpec() => new()
    {
        Seconds = _nanoseconds / NanosecondsPerSecond,
        Nanoseconds = _nanoseconds % NanosecondsPerSecond,
    };
}
