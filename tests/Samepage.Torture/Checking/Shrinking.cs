using System.Diagnostics;
using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>The shortest history that can be found which still breaks a rule.</summary>
internal static class Shrinking
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Leaves out halves of the units, then smaller parts, down to single ones, as long as the rule is still broken.</summary>
    public static History Shrink(History history, Rule rule)
    {
        var clock = Stopwatch.StartNew();
        List<long> units = [.. history.Operations.Select(rule.Unit).Where(u => u != Rule.Kept).Distinct()];
        for (int part = Math.Max(1, units.Count / 2); ; part /= 2)
        {
            bool shorter;
            do
            {
                shorter = false;
                for (int from = 0; from < units.Count && clock.Elapsed < _patience;)
                {
                    HashSet<long> dropped = [.. units.Skip(from).Take(part)];
                    History rest = history.With([.. history.Operations.Where(o => !dropped.Contains(rule.Unit(o)))]);
                    if (rule.Check(rest) is null)
                    {
                        from += part;
                        continue;
                    }
                    history = rest;
                    units.RemoveRange(from, dropped.Count);
                    shorter = true;
                }
            }
            while (shorter && part == 1 && clock.Elapsed < _patience);
            if (part <= 1)
                return history;
        }
    }
}
