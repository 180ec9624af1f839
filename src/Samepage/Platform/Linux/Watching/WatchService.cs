using System.Runtime.CompilerServices;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>All asynchronous waits of this process: what they wait for, until when, and the threads that sleep for them.</summary>
/// <remarks>One thread where the kernel can sleep on any number of words (io_uring, 6.7); otherwise as many as that takes. See docs/design/asynchronous-waits.md.</remarks>
internal static class WatchService
{
    // As long as the object itself: who waits again finds it again.
    private static readonly ConditionalWeakTable<WaitBlock, Watch> _watches = [];
    private static readonly List<WatchThread> _threads = [];
    private static readonly DeadlineQueue _deadlines = new();

    /// <summary>Guards everything here, in the watches, and in the pending waits.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>How many threads sleep, or have slept, for asynchronous waits.</summary>
    public static int ThreadCount
    {
        get
        {
            lock (Gate)
                return _threads.Count;
        }
    }

    /// <summary>How many objects somebody waits for, or sleeps on the word of.</summary>
    public static int WatchCount
    {
        get
        {
            lock (Gate)
                return _threads.Sum(t => t.Watches);
        }
    }

    public static void Register(PendingWait wait, in Deadline deadline)
    {
        WatchThread? toWake = null;
        WatchThread[] others = [];
        lock (Gate)
        {
            try
            {
                // A wait for all begins with its first object, and goes from one that is missing to the next.
                int count = wait.IsForAll ? 1 : wait.Entries.Length;
                for (int i = 0; i < count; i++)
                    Note(Enter(wait, wait.Entries[i]), ref toWake, ref others);
                if (!deadline.IsNever && _deadlines.Add(wait, deadline))
                    Note(_threads[0], ref toWake, ref others);
            }
            catch
            {
                Withdraw(wait, by: null);
                throw;
            }
        }
        toWake?.Wake();
        foreach (WatchThread other in others)
            other.Wake();
    }

    /// <summary>Lists the wait with its object. The thread that must be woken to look; null when it need not.</summary>
    public static WatchThread? Enter(PendingWait wait, WatchEntry entry)
    {
        IFutexObject one = wait.ObjectOf(entry);
        if (!_watches.TryGetValue(one.Block, out Watch? watch))
            _watches.Add(one.Block, watch = new Watch(one));
        entry.Begun = one.Begin();
        watch.Thread ??= ThreadWithRoom();
        watch.Add(entry);
        // Who sleeps on its word since before is woken by the next signal, and looks for all who wait then.
        if (watch.IsAsleep)
            return null;
        watch.Thread.Queue(watch);
        return watch.Thread;
    }

    /// <summary>Takes the wait from all its objects.</summary>
    /// <param name="wait">The wait.</param>
    /// <param name="by">The thread that does it, when it is one of this class.</param>
    public static void Withdraw(PendingWait wait, WatchThread? by)
    {
        foreach (WatchEntry entry in wait.Entries)
            Leave(entry, by);
        _deadlines.Forget(wait);
    }

    /// <summary>Takes the wait from one of its objects.</summary>
    public static void Leave(WatchEntry entry, WatchThread? by)
    {
        if (entry.Watch is not { } watch)
            return;
        watch.Remove(entry);
        if (watch.First is not null || watch.Thread is not { } thread)
            return;
        // Somebody must stop sleeping on its word.
        thread.Queue(watch);
        if (thread != by)
            thread.WakeLater();
    }

    /// <summary>Nobody waits for the object, and nobody sleeps on its word.</summary>
    public static void Remove(Watch watch)
    {
        if (watch.Thread is null)
            return;
        watch.Thread.Watches--;
        watch.Thread = null;
    }

    /// <summary>Ends the waits whose time has run out, and says when the next one's does.</summary>
    public static Deadline Expire(WatchThread by)
    {
        while (_deadlines.TryTakeExpired(out PendingWait? wait))
        {
            Withdraw(wait, by);
            wait.End(WaitResult.TimedOut, -1);
        }
        return _deadlines.Next;
    }

    private static void Note(WatchThread? thread, ref WatchThread? first, ref WatchThread[] others)
    {
        if (thread is null || thread == first)
            return;
        if (first is null)
            first = thread;
        else if (!others.Contains(thread))
            others = [.. others, thread];
    }

    private static WatchThread ThreadWithRoom()
    {
        foreach (WatchThread thread in _threads)
        {
            if (thread.Watches < thread.Capacity)
            {
                thread.Watches++;
                return thread;
            }
        }
        var another = new WatchThread(isFirst: _threads.Count == 0);
        another.Start();
        _threads.Add(another);
        another.Watches = 1;
        return another;
    }
}
