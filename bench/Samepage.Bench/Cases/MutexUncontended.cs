using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Taking and giving back a mutex that nobody else wants: the price of being there.</summary>
internal sealed class MutexUncontended : Suite
{
    private const string What = "mutex, uncontended: wait + release";

    public MutexUncontended()
    {
        SharedMutex mutex = Own(SharedMutex.Create(UniqueName("mutex")));
        Mutex named = Own(new Mutex(initiallyOwned: false, UniqueName("named-mutex")));
        var shared = CountedContender.InProcess("SharedMutex", n => Loop(mutex, n));
        Contender pthread = Reference("pthread robust mutex (C)", Unit.Nanoseconds, "mutex_uncontended", path =>
            CountedContender.InPeer("pthread robust mutex (C)", Own(PeerProcess.Reference(path, null)), "run"));
        var dotnet = CountedContender.InProcess(".NET named Mutex", n => Loop(named, n));
        Comparisons =
        [
            new(What, shared, pthread, Target.AtMost(1.0)),
            new(What, shared, dotnet, Target.AtMost(0.1)),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    private static void Loop(SharedMutex mutex, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            _ = mutex.Wait();
            mutex.Release();
        }
    }

    private static void Loop(Mutex mutex, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            _ = mutex.WaitOne();
            mutex.ReleaseMutex();
        }
    }
}
