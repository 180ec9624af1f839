using Samepage.Atomics;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>Waits until all of several objects are signalled at once, and takes all or none (W34).</summary>
/// <remarks>Protocol, states of death and proof: docs/design/waiting-for-several.md; model: tests/models/all.pml.</remarks>
internal static class AllWait
{
    /// <summary>Null: cancelled. The index is that of the first mutex that was abandoned, or -1.</summary>
    public static WaitResult? Wait(ReadOnlySpan<WaitableBackend> objects, TimeSpan timeout, CancellationToken token, out int index)
    {
        RobustThread me = RobustThread.Current;
        Span<int> order = objects.Length <= Futex.MostWords ? stackalloc int[objects.Length] : new int[objects.Length];
        SetOrder(objects, order);
        // Each may need two entries in the list that the kernel looks after: the claim, and a mutex itself.
        if (!RobustThread.MayHold(2 * objects.Length))
        {
            throw new SharedObjectException(FailureReason.LimitReached,
                $"Taking {objects.Length:N0} objects at once is more than the kernel would look after if this thread died. A thread can take some 1,000, less half the mutexes that it holds.");
        }
        var deadline = Deadline.After(timeout);
        Sleep sleep = timeout == TimeSpan.Zero ? Sleep.TimedOut : Sleep.Woken;
        index = -1;
        try
        {
            while (true)
            {
                int missing = FirstUnsignaled(me, objects);
                if (missing < 0)
                    missing = AllTaking.TryTake(me, objects, order, out index);
                if (missing < 0)
                    return index < 0 ? WaitResult.Signaled : WaitResult.Abandoned;
                if (sleep != Sleep.Woken)
                    return sleep == Sleep.TimedOut ? WaitResult.TimedOut : null;
                sleep = SleepOn(me, objects[missing], deadline, token);
                // Objects that change all the time need not let it sleep.
                if (sleep == Sleep.Woken)
                    sleep = token.IsCancellationRequested ? Sleep.Cancelled : deadline.HasPassed ? Sleep.TimedOut : Sleep.Woken;
            }
        }
        finally
        {
            me.End();
            FutexObject.KeepAlive(objects);
        }
    }

    /// <summary>The order in which everybody claims: that of the files.</summary>
    public static void SetOrder(ReadOnlySpan<WaitableBackend> waitables, Span<int> order)
    {
        for (int i = 0; i < waitables.Length; i++)
        {
            (ulong, ulong) identity = FutexObject.Of(waitables[i]).Block.Identity;
            int place = i;
            for (; place > 0; place--)
            {
                int before = identity.CompareTo(FutexObject.Of(waitables[order[place - 1]]).Block.Identity);
                if (before > 0)
                    break;
                if (before == 0)
                    throw new ArgumentException(
                        $"\"{FutexObject.Of(waitables[i]).Block.Description.BareName}\" is at index {order[place - 1]} and at index {i}. A wait for all takes each object once.", nameof(waitables));
                order[place] = order[place - 1];
            }
            order[place] = i;
        }
    }

    /// <summary>The index of the first that is not signalled, or -1.</summary>
    public static int FirstUnsignaled(RobustThread me, ReadOnlySpan<WaitableBackend> objects)
    {
        for (int i = 0; i < objects.Length; i++)
        {
            IFutexObject one = FutexObject.Of(objects[i]);
            if (!one.IsSignaled(me, one.Begin()))
                return i;
        }
        return -1;
    }

    /// <summary>Sleeps until the object is signalled, without taking it: another one may be missing then.</summary>
    private static unsafe Sleep SleepOn(RobustThread me, WaitableBackend backend, in Deadline deadline, CancellationToken token)
    {
        IFutexObject one = FutexObject.Of(backend);
        var mutex = backend as FutexMutex;
        if (mutex is not null)
            me.Begin(one.Block.Node);
        using WaitCancellation? cancellation = WaitCancellation.For(one.Block.Word, token);
        uint begun = one.Begin();
        if (one.IsSignaled(me, begun) || !one.TryMark(me, begun, out uint word))
            return Sleep.Woken;
        Sleep sleep = Futex.Wait(one.Block.Word, word, deadline, cancellation);
        CrashSwitch.Reach(CrashPoint.SeveralWoken);
        mutex?.PassOn();
        me.End();
        return sleep;
    }
}
