namespace Samepage.Bench.Harness;

/// <summary>Two peers that are idle for the length of a sample; then the first wakes the second and takes the time until it has the answer.</summary>
/// <remarks>The length goes with the line, so that the short calls of the warm-up do not rest so long.</remarks>
internal sealed class ColdContender(string name, PeerPair pair) : Contender(name, Unit.Nanoseconds)
{
    public override WarmUp WarmUp => pair.First.WarmUp;

    public override Reading Measure(TimeSpan length)
    {
        string line = $"run 1 {Math.Max(1, (long)length.TotalMilliseconds)}";
        pair.Second.Send(line);
        pair.First.Send(line);
        (long nanoseconds, long allocated) = pair.First.Receive();
        return new Reading(nanoseconds, Operations: 1, allocated + pair.Second.Receive().AllocatedBytes);
    }
}
