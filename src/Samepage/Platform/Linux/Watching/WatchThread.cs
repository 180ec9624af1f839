using System.Runtime.ExceptionServices;
using Samepage.Atomics;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>A thread that sleeps in the place of asynchronous waits: wakes, takes what they wait for, and ends them.</summary>
/// <remarks>
/// It takes on their behalf and owes nobody a wake-up, as any waiter for several: where it sleeps, a signal wakes all. Its death is the process's.
/// </remarks>
internal sealed class WatchThread
{
    private const int StackSize = 256 * 1024;

    private readonly uint[] _calls = PrivateWord.New();
    private readonly Queue<Watch> _toLookAt = new();
    private readonly List<Watch> _woken = [];
    private readonly bool _isFirst;
    private readonly ISleeper _sleeper;

    /// <param name="isFirst">The first one keeps the time for all.</param>
    public WatchThread(bool isFirst)
    {
        _isFirst = isFirst;
        _sleeper = RingSleeper.IsSupported ? new RingSleeper() : new WordSleeper();
    }

    /// <summary>How many watches are its own. Guarded by <see cref="WatchService.Gate"/>.</summary>
    public int Watches { get; set; }

    public int Capacity => _sleeper.Capacity;

    private PrivateWord Calls => new(_calls);

    /// <summary>Returns once it can sleep.</summary>
    public void Start()
    {
        using var ready = new ManualResetEventSlim();
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                _sleeper.Begin();
            }
            catch (SharedObjectException e)
            {
                failure = e;
            }
            bool begun = failure is null;
            ready.Set();
            if (begun)
                Run();
        }, StackSize)
        { IsBackground = true, Name = "Samepage watch" };
        thread.UnsafeStart();
        ready.Wait();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>It is to look at the watch; it must be woken for that.</summary>
    public void Queue(Watch watch)
    {
        if (watch.IsQueued)
            return;
        watch.IsQueued = true;
        _toLookAt.Enqueue(watch);
    }

    public void Wake()
    {
        Calls.IncrementAndWake();
        _sleeper.Interrupt();
    }

    /// <summary>For who holds the gate, which it would need.</summary>
    public void WakeLater() => ThreadPool.UnsafeQueueUserWorkItem(static thread => thread.Wake(), this, preferLocal: false);

    private void Run()
    {
        RobustThread me = RobustThread.Current;
        while (true)
        {
            uint calls = Calls.Value;
            Deadline deadline;
            lock (WatchService.Gate)
            {
                foreach (Watch watch in _woken)
                {
                    watch.IsAsleep = false;
                    Queue(watch);
                }
                _woken.Clear();
                deadline = _isFirst ? WatchService.Expire(this) : Deadline.After(Timeout.InfiniteTimeSpan);
                while (_toLookAt.TryDequeue(out Watch? watch))
                {
                    watch.IsQueued = false;
                    LookAt(me, watch);
                }
            }
            _sleeper.Sleep(Calls, calls, deadline, _woken);
            CrashSwitch.Reach(CrashPoint.SeveralWoken);
        }
    }

    private void LookAt(RobustThread me, Watch watch)
    {
        try
        {
            while (EndWaits(me, watch) is { } next)
            {
                if (watch.IsAsleep)
                    return;
                if (watch.Object.TryMark(me, next.Begun, out uint word))
                {
                    _sleeper.Add(watch, word);
                    watch.IsAsleep = true;
                    return;
                }
            }
        }
        catch (Exception e) when (e is SharedObjectException or InvalidOperationException)
        {
            while (watch.First is { } entry)
            {
                PendingWait wait = entry.Wait;
                WatchService.Withdraw(wait, this);
                wait.Fail(e);
            }
        }
        if (watch.IsAsleep)
            _sleeper.Remove(watch);
        // Queued again by the last to leave, it is looked at once more before anybody else can have it.
        if (!watch.IsAsleep && !watch.IsQueued)
            WatchService.Remove(watch);
    }

    /// <summary>Ends those whose turn it is; whoever waits longest of the others, or null.</summary>
    private WatchEntry? EndWaits(RobustThread me, Watch watch)
    {
        WatchEntry? entry = watch.First;
        while (entry is not null)
        {
            // The next one may go with this one, when one wait has the object twice.
            PendingWait wait = entry.Wait;
            if (wait.IsForAll)
            {
                WatchEntry? next = entry.Next;
                try
                {
                    TryEndForAll(me, wait, entry);
                }
                // Another of its objects, or the journal: nothing to those who wait for this one.
                catch (Exception e) when (e is SharedObjectException or InvalidOperationException)
                {
                    WatchService.Withdraw(wait, this);
                    wait.Fail(e);
                }
                entry = next;
                continue;
            }
            if (watch.Object.TryTake(me, entry.Begun) is { } result)
            {
                WatchService.Withdraw(wait, this);
                wait.End(result, entry.Index);
                entry = watch.First;
                continue;
            }
            // What one did not get, only those can who wait since before a manual-reset event was reset, or for more than this.
            entry = watch.Object is FutexManualEvent ? entry.Next : null;
        }
        return watch.First;
    }

    private void TryEndForAll(RobustThread me, PendingWait wait, WatchEntry entry)
    {
        // All are wanted at one moment: what was before does not count.
        entry.Begun = wait.ObjectOf(entry).Begin();
        int missing = AllWait.FirstUnsignaled(me, wait.Objects);
        int abandoned = -1;
        if (missing < 0)
            missing = AllTaking.TryTake(me, wait.Objects, wait.Order, out abandoned);
        if (missing < 0)
        {
            WatchService.Withdraw(wait, this);
            wait.End(abandoned < 0 ? WaitResult.Signaled : WaitResult.Abandoned, abandoned);
        }
        else if (missing != entry.Index)
        {
            WatchService.Leave(entry, by: this);
            if (WatchService.Enter(wait, wait.Entries[missing]) is { } thread && thread != this)
                thread.WakeLater();
        }
    }
}
