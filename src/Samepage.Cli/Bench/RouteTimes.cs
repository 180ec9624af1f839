namespace Samepage.Cli.Bench;

/// <summary>What was measured of a route.</summary>
/// <param name="Title">Which route.</param>
/// <param name="Times">Of all round trips.</param>
/// <param name="Medians">Of the rounds.</param>
/// <param name="Spent">What they took together.</param>
internal sealed record RouteTimes(string Title, Histogram Times, Histogram Medians, TimeSpan Spent)
{
    /// <summary>Beyond this the figures tell more of what else the machine does.</summary>
    private const double QuietSpread = 0.25;

    /// <summary>One nanosecond at least: a coarse clock may show none.</summary>
    public long Median => Math.Max(1, Times.Percentile(0.5));

    /// <summary>There and back are two.</summary>
    public double MessagesPerSecond => 2 * Times.Count / Spent.TotalSeconds;

    /// <summary>How far the medians of the rounds are apart, without the tenth at each end, as a part of the one in the middle.</summary>
    public double Spread => (double)(Medians.Percentile(0.9) - Medians.Percentile(0.1)) / Math.Max(1, Medians.Percentile(0.5));

    public bool IsNoisy => Spread > QuietSpread;
}
