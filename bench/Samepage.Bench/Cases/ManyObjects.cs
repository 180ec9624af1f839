using System.Diagnostics;
using System.Globalization;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>What using one object after the other costs, and making one more, while 1, 100 or 10,000 are alive in the process.</summary>
internal sealed class ManyObjects : Suite
{
    public const string Role = "many-";

    private const string Use = "use", Make = "make";

    private static readonly int[] _counts = [1, 100, 10_000];

    public ManyObjects()
    {
        Contender[] used = new Contender[_counts.Length], made = new Contender[_counts.Length];
        for (int i = 0; i < _counts.Length; i++)
        {
            // A process each: those of the largest crowd would be alive beside the others, too.
            string crowd = string.Create(CultureInfo.InvariantCulture, $"{_counts[i]:N0} alive");
            PeerProcess peer = Own(PeerProcess.Own(core: null, processorCount: 2, $"{Role}{_counts[i]}", UniqueName($"many-{_counts[i]}"), "alone"));
            used[i] = CountedContender.InPeer($"SharedMutex, {crowd}", peer, Use);
            made[i] = CountedContender.InPeer($"SharedMutex.Create, {crowd}", peer, Make);
        }
        Comparisons =
        [
            .. used.Skip(1).Zip(_counts.Skip(1), (one, count) => new Comparison($"mutexes, {count:N0} alive, each in turn: wait + release", one, used[0], null)),
            .. made.Skip(1).Zip(_counts.Skip(1), (one, count) => new Comparison($"mutexes, {count:N0} alive: create + close one more", one, made[0], null) { MustNotAllocate = false }),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>The process in which so many are alive.</summary>
    public static void Serve(int count, string name)
    {
        SharedMutex[] alive = [.. Enumerable.Range(0, count).Select(i => SharedMutex.Create($"{name}-{i}"))];
        PeerLoop.Serve(words =>
        {
            long operations = long.Parse(words[1]);
            long start = Stopwatch.GetTimestamp();
            if (words[0] == Use)
                UseEach(alive, operations);
            else
                MakeOneMore(name, operations);
            return (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        });
        foreach (SharedMutex one in alive)
            one.Dispose();
    }

    private static void UseEach(SharedMutex[] alive, long operations)
    {
        int next = 0;
        for (long i = 0; i < operations; i++)
        {
            _ = alive[next].Wait();
            alive[next].Release();
            next = next + 1 < alive.Length ? next + 1 : 0;
        }
    }

    private static void MakeOneMore(string name, long operations)
    {
        for (long i = 0; i < operations; i++)
            SharedMutex.Create($"{name}-one-more").Dispose();
    }
}
