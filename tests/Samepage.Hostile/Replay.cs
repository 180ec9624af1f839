using System.Diagnostics;

namespace Samepage.Hostile;

/// <summary>Repeats a failure at rest, and finds out which of its mutations it needs.</summary>
internal static class Replay
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>What becomes of a victim whose objects were written to so, or null.</summary>
    public static string? Fault(Failure failure, IReadOnlyList<Mutation> mutations)
    {
        using var victim = new VictimProcess(failure.Kind, failure.Seed, failure.Epoch, 1, alwaysAtRest: true);
        ControlPage control = victim.Control;
        while (control.Phase != Phase.Ready)
        {
            if (victim.Fault() is { } early)
                return early;
            if (control.Done > 0)
                return null;
            Thread.Sleep(0);
        }
        using (var attacker = new Attacker(victim.Objects, new Random(0), victim.Id))
        {
            foreach (Mutation mutation in mutations)
                attacker.Apply(mutation);
        }
        control.Answered = failure.Epoch;
        while (control.Done == 0)
        {
            if (victim.Fault() is { } fault)
                return fault;
            Thread.Sleep(1);
        }
        return victim.End();
    }

    /// <summary>The failure with as few mutations as time allows; as it was, when it does not come back at rest.</summary>
    public static Failure Minimise(Failure failure)
    {
        long began = Stopwatch.GetTimestamp();
        List<Mutation> needed = [.. failure.Mutations];
        if (needed.Count == 0 || Fault(failure, needed) is not { } found)
            return failure;
        for (int part = Math.Max(1, needed.Count / 2); part > 0; part /= 2)
        {
            for (int start = 0; start < needed.Count && Stopwatch.GetElapsedTime(began) < _patience;)
            {
                List<Mutation> fewer = [.. needed];
                fewer.RemoveRange(start, Math.Min(part, needed.Count - start));
                if (Fault(failure, fewer) is { } still)
                    (needed, found) = (fewer, still);
                else
                    start += part;
            }
        }
        return failure with { AtRest = true, Fault = found, Mutations = needed };
    }
}
