namespace Samepage.Bench.Harness;

/// <summary>Two peers that make round trips: first many in a row for the time of one, then as many of which each is timed.</summary>
/// <remarks>Apart, since looking at the clock for every trip is no part of it; a round takes twice the length for that.</remarks>
internal sealed class TimedContender(string name, PeerPair pair) : Contender(name, Unit.Nanoseconds)
{
    private readonly CountedContender _counted = CountedContender.InPair(name, pair);

    public override WarmUp WarmUp => pair.First.WarmUp;

    public override Reading Measure(TimeSpan length)
    {
        Reading reading = _counted.Measure(length);
        string line = $"times {reading.Operations}";
        pair.Second.Send(line);
        pair.First.Send(line);
        Percentiles percentiles = pair.First.ReceivePercentiles();
        _ = pair.Second.ReceivePercentiles();
        return reading with { Percentiles = percentiles };
    }
}
