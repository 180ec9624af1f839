using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of locks: one writer and nobody else, and of a death in it the right ones are told.</summary>
internal static class HoldRules
{
    public static Rule Exclusion { get; } = new("exclusion", CheckExclusion, Unit);

    /// <summary>Of a lock with one kind of holder: exactly the next one is told.</summary>
    public static Rule ToldOnce { get; } = new("abandonment told to exactly one", CheckToldOnce, Unit);

    /// <summary>Of a reader-writer lock: all are told until a writer has left.</summary>
    public static Rule ToldUntilRepaired { get; } = new("abandonment told until a writer has left", CheckToldUntilRepaired, Unit);

    /// <summary>Taking and releasing.</summary>
    private static long Unit(Operation operation) => (long)operation.Actor << 32 | operation.Argument;

    private static string? CheckExclusion(History history)
    {
        Hold? last = null, lastWrite = null;
        foreach (Hold hold in Hold.All(history))
        {
            Hold? other = hold.IsWrite ? last : lastWrite;
            if (other is not null && other.To > hold.From)
                return $"{other.Taking.Actor} had it from {other.From} to {other.To}, and {hold.Taking.Actor} from {hold.From} to {hold.To}";
            if (last is null || hold.To > last.To)
                last = hold;
            if (hold.IsWrite && (lastWrite is null || hold.To > lastWrite.To))
                lastWrite = hold;
        }
        return null;
    }

    private static string? CheckToldOnce(History history)
    {
        List<Hold> holds = Hold.All(history);
        // Each death tells one: those who may have died with the lock, by when they were gone.
        List<(long From, long Gone)> deaths =
        [
            .. holds.Where(h => h.Ended != HoldEnd.Released).Select(h => (h.From, h.Gone)),
            .. PendingTakes(history).Select(o => (o.Begin, history.Actors[o.Actor].Gone)),
        ];
        deaths.Sort((a, b) => a.Gone.CompareTo(b.Gone));
        for (int i = 0; i < holds.Count; i++)
        {
            Hold hold = holds[i];
            Hold? before = i == 0 ? null : holds[i - 1];
            if (!hold.WasToldOfDeath)
            {
                if (before?.Ended == HoldEnd.Died)
                    return $"{before.Taking.Actor} died with it, and {hold.Taking.Actor}, the next, was not told";
                continue;
            }
            // A death before the last holder got it was its news, not this one's.
            int death = deaths.FindIndex(d => d.From < hold.From && (before is null || d.Gone > before.From));
            if (death < 0)
                return $"{hold.Taking.Actor} was told of a death in hold {hold.Taking.Argument}, and nobody had died who was not told of";
            deaths.RemoveAt(death);
        }
        return null;
    }

    private static string? CheckToldUntilRepaired(History history)
    {
        List<Hold> holds = Hold.All(history);
        List<Hold> writes = [.. holds.Where(h => h.IsWrite)];
        (long From, long Gone, bool Certain)[] deaths =
        [
            .. writes.Where(h => h.Ended != HoldEnd.Released).Select(h => (h.From, h.Gone, h.Ended == HoldEnd.Died)),
            .. PendingTakes(history).Select(o => (o.Begin, history.Actors[o.Actor].Gone, false)),
        ];
        foreach (Hold hold in holds)
        {
            long begin = hold.Taking.Begin;
            if (hold.WasToldOfDeath)
            {
                if (!deaths.Any(d => d.From < hold.From && !writes.Any(w => w.Ended == HoldEnd.Released && w.Taking.Begin > d.Gone && w.Gone < begin)))
                    return $"{hold.Taking.Actor} was told of a death in hold {hold.Taking.Argument}, and there was none that a writer had not seen";
            }
            else if (deaths.Any(d => d.Certain && d.Gone < begin && !writes.Any(w => w.Ended != HoldEnd.Died && w.From > d.From && w.To < hold.From)))
                return $"{hold.Taking.Actor} was not told in hold {hold.Taking.Argument} that a writer had died";
        }
        return null;
    }

    private static IEnumerable<Operation> PendingTakes(History history) => history.Operations.Where(o => o.IsPending && (HoldCode)o.Code == HoldCode.Acquire);
}
