using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>Making and closing a named object of each kind, and opening and closing one that is there: sections have a suite of their own.</summary>
internal sealed class Lifetimes : Suite
{
    private readonly List<Comparison> _rows = [];

    public Lifetimes()
    {
        PeerProcess? peer = null;
        Contender C(string title, string verb) => Reference(title, Unit.Nanoseconds, "section", path =>
            CountedContender.InPeer(title, peer ??= Own(PeerProcess.Reference(path, null, $"/{UniqueName("lifetime")}")), verb));
        Contender create = C("shm_open, posix_fallocate, mmap, munmap, shm_unlink, close (C)", "commit");
        Contender open = C("shm_open, mmap, munmap, close (C)", "open");
        Contender named = CountedContender.InProcess(".NET named Mutex", NamedLoop(UniqueName("named-mutex")));

        Add("mutex", n => SharedMutex.Create(n), SharedMutex.Open, create, open);
        _rows.Add(_rows[0] with { Reference = named });
        Add("event", n => SharedEvent.Create(n, EventResetMode.AutoReset), SharedEvent.Open, create, open);
        Add("semaphore", n => SharedSemaphore.Create(n, 0, 1), SharedSemaphore.Open, create, open);
        Add("lock of a flow", n => SharedLock.Create(n), SharedLock.Open, create, open);
        Add("reader-writer lock", n => SharedReaderWriterLock.Create(n), SharedReaderWriterLock.Open, create, open);
        Add("topic, 4 MiB", n => Topic.Create(n), Topic.Open, create, open);
        Add("queue, 4 MiB", n => Queue.Create(n), Queue.Open, create, open);
        Add("cell", n => Cell.Create(n), Cell.Open, create, open);
    }

    public override IReadOnlyList<Comparison> Comparisons => _rows;

    private void Add<T>(string what, Func<string, T> make, Func<string, T> find, Contender create, Contender open)
        where T : IDisposable
    {
        string name = UniqueName(typeof(T).Name);
        string existing = UniqueName($"existing-{typeof(T).Name}");
        _ = Own(make(existing));
        _rows.Add(new($"{what}: create + close", CountedContender.InProcess($"{typeof(T).Name}.Create", Loop(make, name)), create, null) { MustNotAllocate = false });
        _rows.Add(new($"{what}: open + close", CountedContender.InProcess($"{typeof(T).Name}.Open", Loop(find, existing)), open, null) { MustNotAllocate = false });
    }

    private static Action<long> Loop<T>(Func<string, T> get, string name)
        where T : IDisposable => operations =>
    {
        for (long i = 0; i < operations; i++)
            get(name).Dispose();
    };

    private static Action<long> NamedLoop(string name) => operations =>
    {
        for (long i = 0; i < operations; i++)
            new Mutex(initiallyOwned: false, name).Dispose();
    };
}
