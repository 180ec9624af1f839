namespace Samepage.Bench.Harness;

/// <summary>How long each of many operations took, in nanoseconds: what a median hides.</summary>
internal sealed record Percentiles(double P10, double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>From the line by which a peer answers <c>times N</c>.</summary>
    public static Percentiles Parse(string line)
    {
        double[] values = [.. line.Split(' ').Select(double.Parse)];
        return values is [var p10, var p50, var p90, var p99, var p999, var max]
            ? new Percentiles(p10, p50, p90, p99, p999, max)
            : throw new InvalidOperationException($"A peer told its times by \"{line}\"; six numbers should be there.");
    }

    /// <summary>The median of each over the rounds, so that one disturbed round does not speak for all; the greatest of all rounds as it is.</summary>
    public static Percentiles Over(IReadOnlyList<Percentiles> rounds)
    {
        double Median(Func<Percentiles, double> one) => Statistics.Of(rounds.Select(one)).Median;
        return new Percentiles(Median(r => r.P10), Median(r => r.P50), Median(r => r.P90), Median(r => r.P99), Median(r => r.P999), rounds.Max(r => r.Max));
    }
}
