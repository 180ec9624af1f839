using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A thread that sleeps in a waiter's place: on one mutex, as that mutex's own waiters do, or on many events and semaphores.</summary>
/// <remarks>
/// It takes nothing. When one of its objects is signalled it rings, waits until the waiter has looked, and looks again itself. A mutex is its pending
/// entry all the while, and what was woken for its sake goes on to the next sleeper when the wait is over.
/// </remarks>
internal sealed unsafe class Sentinel(SentinelGroup group, WaitableBackend[] objects, uint[] begun, Action ring)
{
    private const int StackSize = 256 * 1024;

    private readonly uint[] _over = PrivateWord.New();
    private Thread? _thread;

    private PrivateWord Over => new(_over);

    public void Start()
    {
        var thread = new Thread(Run, StackSize) { IsBackground = true, Name = "Samepage sentinel" };
        thread.Start();
        _thread = thread;
    }

    public void End() => Over.IncrementAndWake();

    public void Join()
    {
        // Where it cannot sleep on the word that says so, it is woken until it has seen it; others who sleep there look, and sleep on.
        while (!Futex.HasWaitV && _thread is { IsAlive: true })
        {
            _ = Futex.Wake(FutexObject.Of(objects[0]).Block.Word, Futex.All);
            Thread.Yield();
        }
        _thread?.Join();
    }

    private void Run()
    {
        RobustThread me = RobustThread.Current;
        var mutex = objects[0] as FutexMutex;
        try
        {
            if (mutex is not null)
                me.Begin(mutex.Block.Node);
            Watch(me);
        }
        // What is corrupt; a tether that nobody watches any more.
        catch (Exception e) when (e is SharedObjectException or InvalidOperationException)
        {
            group.Fail(e);
            ring();
        }
        finally
        {
            mutex?.PassOn();
            me.End();
            FutexObject.KeepAlive(objects);
        }
    }

    private void Watch(RobustThread me)
    {
        Span<FutexWaitEntry> words = stackalloc FutexWaitEntry[objects.Length + 1];
        var never = Deadline.After(Timeout.InfiniteTimeSpan);
        while (Over.Value == 0)
        {
            uint round = group.Round.Value;
            if (AnyIsSignaled(me))
            {
                ring();
                _ = group.Round.WaitWhile(round, never);
                continue;
            }
            words[0] = Over.EntryWhile(0);
            if (!FutexObject.TryMark(me, objects, begun, words[1..]))
                continue;
            _ = Futex.HasWaitV
                ? Futex.Wait(words, never)
                : Futex.Wait(FutexObject.Of(objects[0]).Block.Word, (uint)words[1].Value, never, null);
            CrashSwitch.Reach(CrashPoint.SeveralWoken);
        }
        GC.KeepAlive(_over);
    }

    private bool AnyIsSignaled(RobustThread me)
    {
        for (int i = 0; i < objects.Length; i++)
        {
            if (FutexObject.Of(objects[i]).IsSignaled(me, begun[i]))
                return true;
        }
        return false;
    }
}
