using System.Diagnostics;

namespace Samepage.Channels;

/// <summary>What is left of a time, on a clock that nobody can set.</summary>
internal static class Deadline
{
    /// <param name="timeout">All of it, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="begun">Its beginning, as <see cref="Stopwatch"/> said it.</param>
    public static TimeSpan Left(TimeSpan timeout, long begun)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return timeout;
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
