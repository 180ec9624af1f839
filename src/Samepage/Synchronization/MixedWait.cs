using System.Diagnostics;
using Samepage.Platform;

namespace Samepage;

/// <summary>A wait in which tasks, timers and wait handles stand beside shared objects (W34).</summary>
/// <remarks>
/// A task is an event of this process, which its completion sets. Timers need nobody who sets anything: for any, the earliest bounds the sleep; for all,
/// since a timer that has passed stays so, the sleep for the latest comes first. docs/design/waiting-for-several.md.
/// </remarks>
internal static class MixedWait
{
    private static readonly SharedWaitResult _timedOut = new(WaitResult.TimedOut, -1);

    public static SharedWaitResult Any(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (LookForAny(sources) is var now && (now.Result != WaitResult.TimedOut || timeout == TimeSpan.Zero))
            return now;
        (TimeSpan time, int timer) = Bound(sources, timeout);
        using var list = new SourceList(sources, SourceList.Purpose.Any);
        return OrTimer(list.WaitAny(time, token), timer);
    }

    public static ValueTask<SharedWaitResult> AnyAsync(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken token)
    {
        if (token.IsCancellationRequested)
            return ValueTask.FromCanceled<SharedWaitResult>(token);
        if (LookForAny(sources) is var now && (now.Result != WaitResult.TimedOut || timeout == TimeSpan.Zero))
            return ValueTask.FromResult(now);
        (TimeSpan time, int timer) = Bound(sources, timeout);
        return AnyAsync(new SourceList(sources, SourceList.Purpose.Any), time, timer, token);
    }

    public static SharedWaitResult All(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        using var list = new SourceList(sources, SourceList.Purpose.All);
        if (list.WaitAll(TimeSpan.Zero, CancellationToken.None) is var now && (now.Result != WaitResult.TimedOut || timeout == TimeSpan.Zero))
            return now;
        TimeSpan latest = Latest(sources);
        if (latest > TimeSpan.Zero)
        {
            _ = Host.Platform.WaitAny([list.Timers], Sooner(latest, timeout), token, out _) ?? throw new OperationCanceledException(token);
            if (Limit(timeout) < latest)
                return _timedOut;
            list.PassTimers();
        }
        return list.WaitAll(Left(timeout, start), token);
    }

    public static ValueTask<SharedWaitResult> AllAsync(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken token)
    {
        if (token.IsCancellationRequested)
            return ValueTask.FromCanceled<SharedWaitResult>(token);
        return AllAsync(new SourceList(sources, SourceList.Purpose.All), Latest(sources), timeout, token);
    }

    private static async ValueTask<SharedWaitResult> AnyAsync(SourceList list, TimeSpan time, int timer, CancellationToken token)
    {
        using (list)
            return OrTimer(await list.WaitAnyAsync(time, token).ConfigureAwait(false), timer);
    }

    private static async ValueTask<SharedWaitResult> AllAsync(SourceList list, TimeSpan latest, TimeSpan timeout, CancellationToken token)
    {
        long start = Stopwatch.GetTimestamp();
        using (list)
        {
            SharedWaitResult now = list.WaitAll(TimeSpan.Zero, CancellationToken.None);
            if (now.Result != WaitResult.TimedOut || timeout == TimeSpan.Zero)
                return now;
            if (latest > TimeSpan.Zero)
            {
                _ = await Host.Platform.WaitAnyAsync([list.Timers], Sooner(latest, timeout), token).ResultOfOne.ConfigureAwait(false);
                if (Limit(timeout) < latest)
                    return _timedOut;
                list.PassTimers();
                now = list.WaitAll(TimeSpan.Zero, CancellationToken.None);
            }
            TimeSpan left = Left(timeout, start);
            return now.Result != WaitResult.TimedOut || left == TimeSpan.Zero ? now : await list.WaitAllAsync(left, token).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing behind a task or timer that is signalled can be the answer: what stands before it is looked at, and no more.</summary>
    private static SharedWaitResult LookForAny(ReadOnlySpan<WaitSource> sources)
    {
        int settled = 0;
        while (settled < sources.Length && !sources[settled].IsSettled)
            settled++;
        using var list = new SourceList(sources[..settled], SourceList.Purpose.Look);
        SharedWaitResult now = list.WaitAny(TimeSpan.Zero, CancellationToken.None);
        return OrTimer(now, settled < sources.Length ? settled : -1);
    }

    /// <summary>How long a wait for any sleeps at most, and which timer is the answer then; -1: none, the time has run out.</summary>
    private static (TimeSpan Time, int Timer) Bound(ReadOnlySpan<WaitSource> sources, TimeSpan timeout)
    {
        TimeSpan earliest = Limit(timeout);
        int timer = -1;
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i].Due is { } due && (due < earliest || due == earliest && timer < 0))
                (earliest, timer) = (due, i);
        }
        return (Sooner(earliest, timeout), timer);
    }

    private static SharedWaitResult OrTimer(SharedWaitResult result, int index) =>
        result.Result == WaitResult.TimedOut && index >= 0 ? new SharedWaitResult(WaitResult.Signaled, index) : result;

    private static TimeSpan Latest(ReadOnlySpan<WaitSource> sources)
    {
        TimeSpan latest = TimeSpan.Zero;
        foreach (WaitSource source in sources)
            latest = source.Due > latest ? source.Due.Value : latest;
        return latest;
    }

    private static TimeSpan Limit(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : timeout;

    private static TimeSpan Sooner(TimeSpan due, TimeSpan timeout)
    {
        TimeSpan sooner = due < Limit(timeout) ? due : Limit(timeout);
        return sooner == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : sooner;
    }

    private static TimeSpan Left(TimeSpan timeout, long start)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return timeout;
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
