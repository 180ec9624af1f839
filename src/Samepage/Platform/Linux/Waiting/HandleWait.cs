namespace Samepage.Platform.Linux.Waiting;

/// <summary>Waits until one of several objects or handles of .NET is signalled, and takes that one (W34).</summary>
/// <remarks>
/// A handle is taken by the thread that waits, and only .NET knows how to sleep for it. So this thread sleeps there, for the handles and a bell,
/// while <see cref="Sentinel"/>s sleep on the objects, take nothing, and ring. docs/design/waiting-for-several.md.
/// </remarks>
internal static class HandleWait
{
    /// <summary>What .NET sleeps for at once, less the bell.</summary>
    private const int MostHandles = 63;

    /// <summary>Null: cancelled.</summary>
    public static WaitResult? Any(
        ReadOnlySpan<WaitableBackend?> objects, ReadOnlySpan<WaitHandle?> handles, TimeSpan timeout, CancellationToken token, out int index)
    {
        RobustThread me = RobustThread.Current;
        var begun = new uint[objects.Length];
        for (int i = 0; i < objects.Length; i++)
            begun[i] = objects[i] is { } one ? FutexObject.Of(one).Begin() : 0;
        try
        {
            if (TryTake(me, objects, handles, begun, out index) is { } now)
                return now;
            return timeout == TimeSpan.Zero ? WaitResult.TimedOut : Sleep(me, objects, handles, begun, Deadline.After(timeout), token, out index);
        }
        finally
        {
            me.End();
            foreach (WaitableBackend? one in objects)
                GC.KeepAlive(one is null ? null : FutexObject.Of(one).Block);
        }
    }

    private static WaitResult? TryTake(
        RobustThread me, ReadOnlySpan<WaitableBackend?> objects, ReadOnlySpan<WaitHandle?> handles, ReadOnlySpan<uint> begun, out int index)
    {
        for (index = 0; index < objects.Length; index++)
        {
            if ((objects[index] is { } one ? FutexObject.Of(one).TryTake(me, begun[index]) : TryTake(handles[index]!)) is { } result)
                return result;
        }
        index = -1;
        return null;
    }

    private static WaitResult? TryTake(WaitHandle handle)
    {
        try
        {
            return handle.WaitOne(0) ? WaitResult.Signaled : null;
        }
        catch (AbandonedMutexException)
        {
            return WaitResult.Abandoned;
        }
    }

    private static WaitResult? Sleep(RobustThread me, ReadOnlySpan<WaitableBackend?> objects, ReadOnlySpan<WaitHandle?> handles,
        uint[] begun, in Deadline deadline, CancellationToken token, out int index)
    {
        using var bell = new AutoResetEvent(false);
        // First: an object that was signalled before a handle is looked at before it, once its sentinel has rung.
        List<WaitHandle> awaited = [bell];
        List<int> places = [-1];
        List<WaitableBackend> watched = [];
        List<uint> begunOfWatched = [];
        for (int i = 0; i < objects.Length; i++)
        {
            if (objects[i] is { } one)
            {
                watched.Add(one);
                begunOfWatched.Add(begun[i]);
            }
            else
            {
                awaited.Add(handles[i]!);
                places.Add(i);
            }
        }
        if (awaited.Count - 1 > MostHandles)
            throw TooManyHandles(awaited.Count - 1);
        WaitHandle[] sleptOn = [.. awaited];

        using CancellationTokenRegistration registration = token.UnsafeRegister(static b => ((AutoResetEvent)b!).Set(), bell);
        using var sentinels = new SentinelGroup([.. watched], [.. begunOfWatched], () => bell.Set());
        bool timedOut = false;
        while (true)
        {
            sentinels.BeginLook();
            if (TryTake(me, objects, handles, begun, out index) is { } now)
                return now;
            if (token.IsCancellationRequested)
                return null;
            sentinels.ThrowIfFailed();
            if (timedOut)
                return WaitResult.TimedOut;
            int woken = SleepOn(sleptOn, deadline, out WaitResult result);
            // It is taken, so it is the answer.
            if (woken is > 0 and not WaitHandle.WaitTimeout)
            {
                index = places[woken];
                return result;
            }
            timedOut = deadline.HasPassed;
        }
    }

    private static int SleepOn(WaitHandle[] handles, in Deadline deadline, out WaitResult result)
    {
        result = WaitResult.Signaled;
        try
        {
            return WaitHandle.WaitAny(handles, deadline.MillisecondsFromNow());
        }
        catch (AbandonedMutexException e)
        {
            result = WaitResult.Abandoned;
            return e.MutexIndex;
        }
    }

    private static SharedObjectException TooManyHandles(int count) => new(FailureReason.LimitReached,
        $"Waiting for any of {count:N0} wait handles failed: .NET sleeps for at most {MostHandles} of them and for what else there is. Wait for fewer, or let a task stand for some.");
}
