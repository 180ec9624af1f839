using System.Diagnostics;

namespace Samepage.Processes;

/// <summary>Processes at full speed on one name, and one of them killed again and again at whatever instruction it has reached.</summary>
public class TortureTests
{
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(8);
    private const int Peers = 4;

    [Fact]
    public void W19_A_name_means_one_object_whoever_is_killed() => Torture("lifetime", "torture-lifetime", held: 0);

    /// <summary>
    /// Mutex and ledger are two objects, each with a life of its own: held here, neither ends before the other when all who use them are dying.
    /// </summary>
    [Fact]
    public void W31_Nobody_meets_half_a_change_without_being_told()
    {
        const string Name = "torture-exclusion";
        using SharedMutex mutex = SharedMutex.Create(Name);
        using SharedMemory ledger = SharedMemory.Create(Name + "-ledger", 4096);
        Torture("exclusion", Name, held: 2);
    }

    /// <summary>Each attempt takes one of the middle and one of an end, or nothing: what is missing in the middle is what is missing at both ends.</summary>
    [Fact]
    public void W34_Nobody_takes_half_of_all()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the kernel takes all of several in one step of its own.");
        const string Name = "torture-pairs";
        const int Permits = 1_000_000_000;
        using SharedSemaphore first = SharedSemaphore.Create(Name + "-a", Permits, Permits);
        using SharedSemaphore middle = SharedSemaphore.Create(Name + "-b", Permits, Permits);
        using SharedSemaphore last = SharedSemaphore.Create(Name + "-c", Permits, Permits);
        Torture("pairs", Name, held: 3);
        // What the dead had decided and not finished is finished by a look.
        foreach (SharedSemaphore semaphore in new[] { first, middle, last })
        {
            Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero, TestContext.Current.CancellationToken));
            semaphore.Release();
        }
        int Missing(SharedSemaphore semaphore) => Permits - semaphore.Info.State!.Count;
        Assert.True(Missing(first) > 0 && Missing(last) > 0);
        Assert.Equal(Missing(middle), Missing(first) + Missing(last));
    }

    private static void Torture(string loop, string name, int held)
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Peer[] peers = [.. Enumerable.Range(0, Peers).Select(_ => Start(loop, name))];
        var clock = Stopwatch.StartNew();
        int kills = 0;
        try
        {
            while (clock.Elapsed < _duration)
            {
                int victim = random.Next(Peers);
                Assert.False(peers[victim].HasExited, "a peer ended by itself");
                peers[victim].Kill();
                peers[victim].Dispose();
                peers[victim] = Start(loop, name);
                kills++;
            }
            foreach (Peer peer in peers)
                peer.Begin("stop");
            foreach (Peer peer in peers)
            {
                string answer = peer.Answer();
                TestContext.Current.TestOutputHelper?.WriteLine($"{answer}, {kills} kills");
                Assert.DoesNotContain("FAULT", answer, StringComparison.Ordinal);
            }
        }
        finally
        {
            foreach (Peer peer in peers)
                peer.Dispose();
        }
        SharedObjects.RemoveOrphans();
        // Of the dead nothing is left; where objects are files, no file either.
        Assert.Equal(held, SharedObjects.List().Count(o => o.Name!.StartsWith(name, StringComparison.Ordinal)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(held, Isolation.Files().Length);
    }

    private static Peer Start(string loop, string name)
    {
        var peer = new Peer();
        peer.Do("arm");  // it has started when it answers
        peer.Begin($"{loop} {name}");
        return peer;
    }
}
