using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>Runs a number of operations and takes the time, in nanoseconds an operation.</summary>
/// <param name="name">Who it is.</param>
/// <param name="run">Does so many operations; says how many nanoseconds they took and how many bytes they allocated.</param>
/// <param name="warmUp">What who runs them needs.</param>
internal sealed class CountedContender(string name, Func<long, (long Nanoseconds, long AllocatedBytes)> run, WarmUp warmUp = WarmUp.Compiler)
    : Contender(name, Unit.Nanoseconds)
{
    public override WarmUp WarmUp => warmUp;

    private const int FirstGuess = 100;

    // Learnt from each run for the next one; only how long a round lasts depends on it, not what it says.
    private double _nanosecondsPerOperation;

    /// <summary>A loop in this process.</summary>
    public static CountedContender InProcess(string name, Action<long> loop) => new(name, operations =>
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        loop(operations);
        long ticks = Stopwatch.GetTimestamp() - start;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return ((long)(ticks * (1e9 / Stopwatch.Frequency)), allocated);
    });

    /// <summary>A loop in a peer.</summary>
    public static CountedContender InPeer(string name, PeerProcess peer, string verb) => new(name, operations =>
    {
        peer.Send($"{verb} {operations}");
        return peer.Receive();
    }, peer.WarmUp);

    /// <summary>A loop that two peers run against each other; the first one takes the time.</summary>
    public static CountedContender InPair(string name, PeerPair pair) => new(name, operations =>
    {
        pair.Second.Send($"run {operations}");
        pair.First.Send($"run {operations}");
        (long nanoseconds, long allocated) = pair.First.Receive();
        return (nanoseconds, allocated + pair.Second.Receive().AllocatedBytes);
    }, pair.First.WarmUp);

    public override Reading Measure(TimeSpan length)
    {
        long operations = _nanosecondsPerOperation > 0
            ? Math.Max(1, (long)(length.TotalNanoseconds / _nanosecondsPerOperation))
            : FirstGuess;
        (long nanoseconds, long allocated) = run(operations);
        _nanosecondsPerOperation = Math.Max(0.01, (double)nanoseconds / operations);
        return new Reading(_nanosecondsPerOperation, operations, allocated);
    }
}
