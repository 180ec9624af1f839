using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>One peer and many that send messages one way: the time, in nanoseconds, of each that the one sends or receives.</summary>
internal sealed class FanContender(string name, PeerFan fan) : Contender(name, Unit.Nanoseconds)
{
    private const int FirstGuess = 100;

    // Learnt from each run for the next one; only how long a round lasts depends on it, not what it says.
    private double _nanosecondsPerMessage;

    public override WarmUp WarmUp => fan.WarmUp;

    public override Reading Measure(TimeSpan length)
    {
        long count = _nanosecondsPerMessage > 0 ? Math.Max(1, (long)(length.TotalNanoseconds / _nanosecondsPerMessage / fan.Senders)) : FirstGuess;
        (long ticks, long allocated) = fan.Run(count);
        // On Linux a tick is a nanosecond, as in the C peers.
        _nanosecondsPerMessage = Math.Max(0.01, ticks * (1e9 / Stopwatch.Frequency) / (count * fan.Senders));
        return new Reading(_nanosecondsPerMessage, count * fan.Senders, allocated);
    }
}
