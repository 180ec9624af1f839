using System.Diagnostics;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>How long it takes from the kill of a process until a thread that waits for its end goes on.</summary>
internal sealed class TetherDeath : Suite
{
    public const string Role = "tether";

    public TetherDeath()
    {
        string name = UniqueName(Role);
        SharedEvent joined = Own(SharedEvent.Create(name, EventResetMode.AutoReset));
        PeerProcess? rival = null;
        Comparisons =
        [
            new("tether: from kill to told", new DeathContender(joined),
                Reference("poll on a FIFO (C)", Unit.Nanoseconds, "death", path => CountedContender.InPeer(
                    "poll on a FIFO (C)", rival ??= Own(PeerProcess.Reference(path, null, Path.Combine(Path.GetTempPath(), name))), "run")), null)
            {
                MustNotAllocate = false,
            },
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>The one that is killed: it has joined when it says that it is ready.</summary>
    public static void Serve(string name, bool first)
    {
        using SharedEvent joined = SharedEvent.Open(name);
        using SharedMembership membership = joined.Join();
        PeerLoop.Serve(_ => 0);
    }

    /// <summary>One process started, watched and killed for each sample.</summary>
    private sealed class DeathContender(SharedEvent joined) : Contender("SharedTether.Wait", Unit.Nanoseconds)
    {
        public override WarmUp WarmUp => WarmUp.None;

        public override Reading Measure(TimeSpan length)
        {
            using PeerProcess peer = PeerProcess.Own(null, Environment.ProcessorCount, Role, joined.Name, "second");
            if (!joined.Participants().Single().TryWatch(out SharedTether? tether))
                throw new InvalidOperationException("The peer that is to be killed is gone already.");
            using (tether)
            {
                long start = Stopwatch.GetTimestamp();
                peer.Kill();
                WaitResult result = tether.Wait();
                double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                return result == WaitResult.Abandoned
                    ? new Reading(nanoseconds, 1, 0)
                    : throw new InvalidOperationException($"The peer was killed, and the tether said {result}.");
            }
        }
    }
}
