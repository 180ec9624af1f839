using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>Waits until one of several objects is signalled, and takes that one (W34).</summary>
/// <remarks>
/// A thread has one pending robust entry, and here it may be woken by many words. Events and semaphores do without: where somebody sleeps who
/// waits for several, they wake all at once. The entry is for the one mutex among the objects. Where there are more of them, or more words than
/// the kernel takes in one sleep, <see cref="Sentinel"/>s sleep in this thread's place.
/// Protocol and proof: docs/design/waiting-for-several.md; models: tests/models/event.pml, semaphore.pml, mutex.pml.
/// </remarks>
internal static unsafe class AnyWait
{
    /// <summary>With more objects a look takes longer than a sleep is worth.</summary>
    private const int MostToSpin = 8;

    /// <summary>Null: cancelled.</summary>
    public static WaitResult? Wait(ReadOnlySpan<WaitableBackend> objects, TimeSpan timeout, CancellationToken token, out int index)
    {
        RobustThread me = RobustThread.Current;
        Span<uint> begun = objects.Length <= Futex.MostWords ? stackalloc uint[objects.Length] : new uint[objects.Length];
        for (int i = 0; i < objects.Length; i++)
            begun[i] = FutexObject.Of(objects[i]).Begin();
        try
        {
            var spinner = new Spinner(Spinner.Often);
            bool mayWait = timeout != TimeSpan.Zero;
            do
            {
                if (TryTake(me, objects, begun, out index) is { } result)
                    return result;
            }
            while (mayWait && objects.Length <= MostToSpin && spinner.Once());
            if (!mayWait)
                return WaitResult.TimedOut;

            var deadline = Deadline.After(timeout);
            using WaitBell? bell = WaitBell.For(token);
            FutexMutex? mutex = OnlyMutex(objects, out bool several);
            return several || !Futex.HasWaitV || objects.Length + (bell is null ? 0 : 1) > Futex.MostWords
                ? WaitBySentinels(me, objects, begun, deadline, bell, out index)
                : WaitOnWords(me, objects, begun, deadline, bell, mutex, out index);
        }
        finally
        {
            me.End();
            FutexObject.KeepAlive(objects);
        }
    }

    private static WaitResult? TryTake(RobustThread me, ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<uint> begun, out int index)
    {
        for (index = 0; index < objects.Length; index++)
        {
            if (FutexObject.Of(objects[index]).TryTake(me, begun[index]) is { } result)
                return result;
        }
        index = -1;
        return null;
    }

    private static FutexMutex? OnlyMutex(ReadOnlySpan<WaitableBackend> objects, out bool several)
    {
        FutexMutex? only = null;
        several = false;
        foreach (WaitableBackend one in objects)
        {
            if (one is not FutexMutex mutex)
                continue;
            several |= only is not null && only.Block != mutex.Block;
            only = mutex;
        }
        return only;
    }

    /// <summary>The mutex, if there is one, is the thread's pending entry from the last look on.</summary>
    private static WaitResult? WaitOnWords(RobustThread me, ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<uint> begun,
        in Deadline deadline, WaitBell? bell, FutexMutex? mutex, out int index)
    {
        Span<FutexWaitEntry> words = stackalloc FutexWaitEntry[Futex.MostWords];
        int bells = bell is null ? 0 : 1;
        words = words[..(objects.Length + bells)];
        index = -1;
        Sleep sleep = Sleep.Woken;
        bool slept = false;
        try
        {
            while (true)
            {
                if (TryTake(me, objects, begun, out index) is { } result)
                    return result;
                if (bell is { IsCancelled: true })
                    return null;
                if (sleep == Sleep.TimedOut)
                    return WaitResult.TimedOut;
                if (bells != 0)
                    words[0] = bell!.Entry(rings: 0);
                if (!FutexObject.TryMark(me, objects, begun, words[bells..]))
                    continue;
                sleep = Futex.Wait(words, deadline);
                slept = true;
                CrashSwitch.Reach(CrashPoint.SeveralWoken);
            }
        }
        finally
        {
            GC.KeepAlive(bell);
            if (slept && mutex is not null && (index < 0 || objects[index] is not FutexMutex))
                mutex.PassOn();
        }
    }

    private static WaitResult? WaitBySentinels(RobustThread me, ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<uint> begun,
        in Deadline deadline, WaitBell? tokenBell, out int index)
    {
        WaitBell bell = tokenBell ?? new WaitBell();
        using var sentinels = new SentinelGroup(objects, begun, bell.Ring);
        Sleep sleep = Sleep.Woken;
        while (true)
        {
            uint rings = bell.Rings;
            sentinels.BeginLook();
            if (TryTake(me, objects, begun, out index) is { } result)
                return result;
            if (bell.IsCancelled)
                return null;
            sentinels.ThrowIfFailed();
            if (sleep == Sleep.TimedOut)
                return WaitResult.TimedOut;
            sleep = bell.Wait(rings, deadline);
        }
    }
}
