namespace Samepage.Bench.Harness;

/// <summary>The middle and the spread of some samples: a median, since what disturbs a measurement disturbs it in one direction only.</summary>
internal readonly record struct Statistics(double Median, double P10, double P90)
{
    /// <summary>Beyond this a reference tells more of the machine's other work than of itself.</summary>
    private const double QuietSpread = 0.25;

    /// <summary>The width from the 10th to the 90th percentile, as a part of the median.</summary>
    public double Spread => (P90 - P10) / Median;

    public bool IsNoisy => Spread > QuietSpread;

    public static Statistics Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return new Statistics(Percentile(sorted, 0.5), Percentile(sorted, 0.1), Percentile(sorted, 0.9));
    }

    /// <summary>One to the other, round by round: both sides of each ratio were measured right after one another.</summary>
    public static Statistics OfRatios(IEnumerable<double> samples, IEnumerable<double> others) => Of(samples.Zip(others, (s, o) => s / o));

    private static double Percentile(double[] sorted, double part)
    {
        double position = part * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }
}
