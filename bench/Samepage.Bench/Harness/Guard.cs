namespace Samepage.Bench.Harness;

/// <summary>Whether a run's ratios are still near those that were recorded. Never a time: those are the machine's.</summary>
/// <param name="Regressions">A message for each ratio that is far outside; empty when all is well.</param>
/// <param name="Compared">How many ratios could be held against a recorded one.</param>
/// <param name="Noisy">How many could not, since their reference was too noisy.</param>
/// <param name="New">How many nobody has recorded.</param>
internal sealed record Guard(IReadOnlyList<string> Regressions, int Compared, int Noisy, int New)
{
    /// <summary>
    /// How many times as bad as the worse end of what was recorded the better end of a ratio may be. Generous: another machine has other caches and
    /// another kernel, and what this is for, as a lock in a fast path or a wake-up for every message, costs more than that, and in every round.
    /// </summary>
    public const double Factor = 3;

    public static Guard Of(IEnumerable<GuardedRatio> recorded, IEnumerable<GuardedRatio> found)
    {
        Dictionary<string, GuardedRatio> known = recorded.ToDictionary(r => r.Row);
        List<string> regressions = [];
        int compared = 0, noisy = 0, unknown = 0;
        foreach (GuardedRatio now in found)
        {
            if (!known.TryGetValue(now.Row, out GuardedRatio? then))
                unknown++;
            else if (now.IsNoisy)
                noisy++;
            else
            {
                compared++;
                if (IsFarOutside(then, now.Ratio))
                    regressions.Add($"{now.Row}: recorded {Text(then.Ratio)}, found {Text(now.Ratio)}: more than {Factor} times as bad");
            }
        }
        // A guard that finds nothing of what it guards would never say anything again.
        if (compared + noisy == 0)
            regressions.Add("none of the ratios of this run is recorded");
        return new Guard(regressions, compared, noisy, unknown);
    }

    public string Summary =>
        $"guard: {Compared} ratios compared, {Regressions.Count} far outside; {Noisy} not compared, their reference was too noisy; {New} not recorded.";

    private static bool IsFarOutside(GuardedRatio then, Statistics now) =>
        then.MoreIsBetter ? now.P90 * Factor < then.Ratio.P10 : now.P10 > Factor * then.Ratio.P90;

    private static string Text(Statistics ratio) => $"{ratio.Median:0.00#} ({ratio.P10:0.00#}–{ratio.P90:0.00#})";
}
