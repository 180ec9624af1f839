using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>What each lock and signal costs while nobody waits: the mutex has a suite of its own.</summary>
internal sealed class LockCosts : Suite
{
    public LockCosts()
    {
        SharedLock flow = Own(SharedLock.Create(UniqueName("lock")));
        SharedReaderWriterLock shared = Own(SharedReaderWriterLock.Create(UniqueName("reader-writer")));
        SharedEvent signal = Own(SharedEvent.Create(UniqueName("event"), EventResetMode.AutoReset));
        SharedSemaphore semaphore = Own(SharedSemaphore.Create(UniqueName("semaphore"), 0, 1));
        PeerProcess? peer = null;
        Contender C(string title, string verb) => Reference(title, Unit.Nanoseconds, "locks", path =>
            CountedContender.InPeer(title, peer ??= Own(PeerProcess.Reference(path, null)), verb));
        Contender mutex = Reference("pthread robust mutex (C)", Unit.Nanoseconds, "mutex_uncontended", path =>
            CountedContender.InPeer("pthread robust mutex (C)", Own(PeerProcess.Reference(path, null)), "run"));
        Contender posted = C("sem_post + sem_wait (C)", "semaphore");
        Comparisons =
        [
            new("lock of a flow, uncontended: wait + release", CountedContender.InProcess("SharedLock", n => Loop(flow, n)), mutex, null),
            new("reader-writer lock, uncontended: enter and exit read", CountedContender.InProcess("SharedReaderWriterLock, read", n => ReadLoop(shared, n)),
                C("pthread_rwlock, read (C)", "read"), null),
            new("reader-writer lock, uncontended: enter and exit write", CountedContender.InProcess("SharedReaderWriterLock, write", n => WriteLoop(shared, n)),
                C("pthread_rwlock, write (C)", "write"), null),
            new("event, nobody waits: set + wait", CountedContender.InProcess("SharedEvent", n => Loop(signal, n)), posted, null),
            new("semaphore, nobody waits: release + wait", CountedContender.InProcess("SharedSemaphore", n => Loop(semaphore, n)), posted, null),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    private static void Loop(SharedLock flow, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            _ = flow.Wait();
            flow.Release();
        }
    }

    private static void ReadLoop(SharedReaderWriterLock shared, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            _ = shared.EnterRead();
            shared.ExitRead();
        }
    }

    private static void WriteLoop(SharedReaderWriterLock shared, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            _ = shared.EnterWrite();
            shared.ExitWrite();
        }
    }

    private static void Loop(SharedEvent signal, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            signal.Set();
            _ = signal.Wait();
        }
    }

    private static void Loop(SharedSemaphore semaphore, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            _ = semaphore.Release();
            _ = semaphore.Wait();
        }
    }
}
