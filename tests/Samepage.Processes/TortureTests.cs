using System.Diagnostics;

namespace Samepage.Processes;

/// <summary>Processes at full speed on one name, and one of them killed again and again at whatever instruction it has reached.</summary>
public class TortureTests
{
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(8);
    private const int Peers = 4;

    [Theory]
    [InlineData("lifetime")]
    [InlineData("exclusion")]
    public void W19_W31_Survivors_of_random_kills_never_see_what_must_not_be(string loop)
    {
        string name = "torture-" + loop;
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
        Assert.Empty(Isolation.Files());
    }

    private static Peer Start(string loop, string name)
    {
        var peer = new Peer();
        peer.Do("arm");  // it has started when it answers
        peer.Begin($"{loop} {name}");
        return peer;
    }
}
