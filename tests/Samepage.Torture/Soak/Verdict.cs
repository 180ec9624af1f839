namespace Samepage.Torture.Soak;

/// <summary>Whether what should stay as it is stays so: the line through its samples after the warm-up rises by less than a bound.</summary>
internal static class Verdict
{
    private const double WarmUp = 0.25, Mebibyte = 1 << 20;

    /// <summary>A line for each column that has a bound, and whether all are within theirs.</summary>
    public static (IReadOnlyList<string> Lines, bool IsFlat) Of(IReadOnlyList<string> columns, IReadOnlyList<double[]> rows)
    {
        double[][] steady = [.. rows.Where(r => r[0] >= rows[^1][0] * WarmUp)];
        double seconds = steady[^1][0] - steady[0][0];
        var lines = new List<string> { $"after a warm-up of {steady[0][0]:0} s, over {seconds:0} s:" };
        bool isFlat = true;
        for (int i = 1; i < columns.Count; i++)
        {
            Trend trend = Trend.Of([.. steady.Select(r => (r[0], r[i]))]);
            if (BoundOf(columns[i], trend.Mean) is not { } bound)
                continue;
            double rise = trend.Slope * seconds;
            bool isWithin = rise <= bound;
            isFlat &= isWithin;
            lines.Add($"{(isWithin ? "flat  " : "RISES ")} {columns[i],-28} mean {trend.Mean,14:0.#}, rises by {rise,12:0.#}, bound {bound:0.#}");
        }
        return (lines, isFlat);
    }

    /// <summary>How much a column may rise in all; null for what has no bound.</summary>
    private static double? BoundOf(string column, double mean) => column[(column.LastIndexOf(' ') + 1)..] switch
    {
        "resident" or "anonymous" => Math.Max(4 * Mebibyte, mean / 20),
        "descriptors" => 3,
        // A mapping goes with the garbage collection of its owner.
        "maps" => Math.Max(20, mean / 4),
        "files" => 3,
        "bytes" => Math.Max(Mebibyte, mean / 20),
        "p50" => mean / 2,
        "p99" => mean,
        _ => null,
    };
}
