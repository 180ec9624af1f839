using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>Two peers that fight over one thing between two moments; the sum of what they did is the throughput.</summary>
/// <remarks>By time and not by count: the slower side would else run on alone, without a rival, when the faster one is done.</remarks>
internal sealed class WindowContender(string name, PeerPair pair, string verb) : Contender(name, Unit.PairsPerSecond)
{
    /// <summary>Time for both peers to have read the line; they meet at the start of the window, spinning.</summary>
    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(1);

    public override WarmUp WarmUp => pair.First.WarmUp;

    /// <summary>All pairs of all rounds, warm-up included: what a counter under the lock must say.</summary>
    public long Pairs { get; private set; }

    public override Reading Measure(TimeSpan length)
    {
        // The clock is the machine's monotonic one, the same in every process; on Linux a tick of it is a nanosecond, as in the C peers.
        long from = Stopwatch.GetTimestamp() + Ticks(_lead);
        long to = from + Ticks(length);
        pair.First.Send($"{verb} {from} {to}");
        pair.Second.Send($"{verb} {from} {to}");
        (long first, long allocatedFirst) = pair.First.Receive();
        (long second, long allocatedSecond) = pair.Second.Receive();
        long both = first + second;
        Pairs += both;
        return new Reading(both / length.TotalSeconds, Math.Max(1, both), allocatedFirst + allocatedSecond,
            both == 0 ? 0 : (double)Math.Min(first, second) / both);
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
