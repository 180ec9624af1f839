namespace Samepage.Cli.Bench;

/// <summary>What came out.</summary>
/// <param name="Job">What was done.</param>
/// <param name="Time">How long, all routes together.</param>
/// <param name="Routes">First Samepage.</param>
/// <param name="LeftOut">Routes that this system does not have, and why.</param>
internal sealed record BenchReport(BenchJob Job, TimeSpan Time, IReadOnlyList<RouteTimes> Routes, IReadOnlyList<string> LeftOut)
{
    public bool IsNoisy => Routes.Any(r => r.IsNoisy);

    /// <summary>How many times as long as Samepage it takes in the middle.</summary>
    public double Ratio(RouteTimes route) => (double)route.Median / Routes[0].Median;

    /// <summary>Of the picture: in steps of 1, 2, 5 from the one that has the shortest time of all to the one that has the longest.</summary>
    public IEnumerable<(long From, long To)> Rows()
    {
        long shortest = Routes.Min(r => r.Times.Shortest), longest = Routes.Max(r => r.Times.Longest);
        (long from, long to) = (0, 1);
        for (int step = 0; from <= longest; step++)
        {
            if (to > shortest)
                yield return (from, to);
            // From 2 to 5, else twice as much.
            (from, to) = (to, step % 3 == 1 ? to / 2 * 5 : to * 2);
        }
    }
}
