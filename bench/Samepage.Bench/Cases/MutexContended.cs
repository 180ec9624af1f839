using System.Diagnostics;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Two processes on two processors that want the same mutex all the time: how much gets through, and who gets it.</summary>
internal sealed class MutexContended : Suite
{
    public const string Role = "mutex";

    private const string Empty = "empty";
    private const string Count = "count";
    private const string Total = "total";

    /// <summary>How many pairs go by between two looks at the clock: as in mutex_contended.c.</summary>
    private const int Batch = 64;

    private readonly PeerPair _pair;
    private readonly WindowContender _counting;

    public MutexContended()
    {
        string name = UniqueName("contended");
        _pair = Own(PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, Role, name, side)));
        var empty = new WindowContender("SharedMutex, empty section", _pair, Empty);
        _counting = new WindowContender("SharedMutex, counting", _pair, Count);
        const string Pthread = "pthread robust mutex (C)";
        PeerPair? rivals = null;
        Contender Rival(string verb) => Reference(Pthread, Unit.PairsPerSecond, "mutex_contended", path =>
            new WindowContender(Pthread, rivals ??= Own(PeerPair.Start((core, side) => PeerProcess.Reference(path, core, $"/{name}", side))), verb));
        Comparisons =
        [
            new("mutex, two processes: empty critical section", empty, Rival(Empty), Target.AtLeast(1.0)),
            new("mutex, two processes: increment of a shared counter", _counting, Rival(Count), Target.AtLeast(1.0)),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    public override IEnumerable<string> Faults()
    {
        _pair.First.Send(Total);
        long total = _pair.First.Receive().Value;
        return total == _counting.Pairs
            ? base.Faults()
            : base.Faults().Append($"Under the mutex {_counting.Pairs:N0} increments were made, and the counter says {total:N0}: the mutex let both sides in at once.");
    }

    /// <summary>One of the two sides.</summary>
    public static void Serve(string name, bool first)
    {
        using SharedMutex mutex = first ? SharedMutex.Create(name) : SharedMutex.Open(name);
        using SharedMemory section = first ? SharedMemory.Create($"{name}-counter", sizeof(long)) : SharedMemory.Open($"{name}-counter");
        using MemoryView view = section.Map();
        PeerLoop.Serve(words => words[0] switch
        {
            Total => view.GetReference<long>(),
            Count => CompeteCounting(mutex, ref view.GetReference<long>(), long.Parse(words[1]), long.Parse(words[2])),
            _ => Compete(mutex, long.Parse(words[1]), long.Parse(words[2])),
        });
    }

    private static long Compete(SharedMutex mutex, long from, long to)
    {
        AwaitMoment(from);
        long pairs = 0;
        for (; Stopwatch.GetTimestamp() < to; pairs += Batch)
        {
            for (int i = 0; i < Batch; i++)
            {
                _ = mutex.Wait();
                mutex.Release();
            }
        }
        return pairs;
    }

    private static long CompeteCounting(SharedMutex mutex, ref long counter, long from, long to)
    {
        AwaitMoment(from);
        long pairs = 0;
        for (; Stopwatch.GetTimestamp() < to; pairs += Batch)
        {
            for (int i = 0; i < Batch; i++)
            {
                _ = mutex.Wait();
                counter++;
                mutex.Release();
            }
        }
        return pairs;
    }

    private static void AwaitMoment(long moment)
    {
        while (Stopwatch.GetTimestamp() < moment)
        {
            // Awake, so that both are on their processors when the window begins.
        }
    }
}
