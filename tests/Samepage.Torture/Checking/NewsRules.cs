using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of messages of which each goes to everyone who subscribes.</summary>
internal static class NewsRules
{
    public static Rule WasPublished { get; } = new("what came was published", CheckWasPublished, _ => Rule.Kept);

    /// <summary>A subscriber that sees one of a publisher sees the next one next.</summary>
    public static Rule NoGap { get; } = new("in order, without a gap", CheckNoGap, _ => Rule.Kept);

    /// <summary>Of a topic that drops: a subscriber sees one of a publisher once, and later ones later.</summary>
    public static Rule InOrder { get; } = new("in order", CheckInOrder, _ => Rule.Kept);

    /// <summary>Of a topic that drops: what lies between two that are seen was counted as missed; and whoever stayed to the end saw or missed all, and missed none that it saw. All that was published counts.</summary>
    public static Rule MissedAreCounted { get; } = new("what was missed is counted", CheckMissed, o => o.Code == (int)MessageCode.Send ? Rule.Kept : Subscription(o));

    /// <summary>Whoever subscribed before it was published, and stayed to the end, has seen it.</summary>
    public static Rule NothingMissed { get; } = new("nothing missed", CheckNothingMissed, Subscription);

    private static long Subscription(Operation operation) => (MessageCode)operation.Code switch
    {
        MessageCode.Subscribe or MessageCode.Leave => (long)operation.Actor << 32 | operation.Argument,
        MessageCode.See => (long)operation.Actor << 32 | operation.Detail,
        _ => long.MinValue | operation.Argument,
    };

    private static IEnumerable<Operation> Sights(History history) => Of(history, MessageCode.See).Where(o => !o.IsPending);

    private static IEnumerable<Operation> Of(History history, MessageCode code) => history.Operations.Where(o => o.Code == (int)code);

    private static string? CheckWasPublished(History history)
    {
        Dictionary<long, Operation> published = Of(history, MessageCode.Send).ToDictionary(o => o.Argument);
        foreach (Operation sight in Sights(history))
        {
            if (!published.TryGetValue(sight.Argument, out Operation publish) || !publish.IsPending && publish.Result == 0)
                return $"{sight.Actor} saw {MessageId.Text(sight.Argument)}, which nobody published";
            if (sight.End < publish.Begin)
                return $"{sight.Actor} saw {MessageId.Text(sight.Argument)} before it was published";
        }
        return null;
    }

    private static string? CheckNoGap(History history)
    {
        foreach ((Operation before, Operation sight) in Neighbours(Sights(history)))
        {
            if (sight.Argument != before.Argument + 1)
                return $"{sight.Actor} saw {MessageId.Text(sight.Argument)} after {MessageId.Text(before.Argument)}";
        }
        return null;
    }

    private static string? CheckInOrder(History history)
    {
        foreach ((Operation before, Operation sight) in Neighbours(Sights(history)))
        {
            if (sight.Argument <= before.Argument)
                return $"{sight.Actor} saw {MessageId.Text(sight.Argument)} after {MessageId.Text(before.Argument)}";
        }
        return null;
    }

    /// <summary>Of each publisher's stream, in each subscription, what was seen and what was seen next.</summary>
    private static IEnumerable<(Operation Before, Operation Next)> Neighbours(IEnumerable<Operation> sights)
    {
        var last = new Dictionary<(int Actor, long Subscription, long Stream), Operation>();
        foreach (Operation sight in sights)
        {
            var key = (sight.Actor, sight.Detail, MessageId.StreamOf(sight.Argument));
            if (last.TryGetValue(key, out Operation before))
                yield return (before, sight);
            last[key] = sight;
        }
    }

    private static string? CheckMissed(History history)
    {
        Operation[] published = [.. Of(history, MessageCode.Send).Where(o => o.IsPending || o.Result == 1)];
        ILookup<(int, long), Operation> sights = Sights(history).ToLookup(o => (o.Actor, o.Detail));
        ILookup<(int, long), Operation> subscribes = Of(history, MessageCode.Subscribe).ToLookup(o => (o.Actor, o.Argument));
        foreach (Operation leave in Of(history, MessageCode.Leave).Where(o => !o.IsPending))
        {
            var key = (leave.Actor, leave.Argument);
            if (!subscribes[key].Any())
                continue;
            Operation subscribe = subscribes[key].Single();
            long between = Neighbours(sights[key]).Sum(n => n.Next.Argument - n.Before.Argument - 1), missed = leave.Detail, seen = sights[key].LongCount();
            if (between > missed)
                return $"{leave.Actor} missed {between} between those it saw, and was told of {missed}";
            // What was just being published at its beginning or its end may count or not.
            long most = published.LongCount(p => p.End > subscribe.Begin && p.Begin < leave.End);
            long least = published.LongCount(p => p.Begin > subscribe.End && p.End < leave.Begin);
            if (seen + missed > most)
                return $"{leave.Actor} saw {seen} and was told that it missed {missed}, of {most} at most";
            if (leave.Result == 1 && seen + missed < least)
                return $"{leave.Actor} stayed to the end, saw {seen} and was told that it missed {missed}, of {least} at least";
        }
        return null;
    }

    private static string? CheckNothingMissed(History history)
    {
        Operation[] published = [.. Of(history, MessageCode.Send).Where(o => !o.IsPending && o.Result == 1)];
        ILookup<(int, long), long> seen = Sights(history).ToLookup(o => (o.Actor, o.Detail), o => o.Argument);
        Dictionary<(int, long), Operation> leaves = Of(history, MessageCode.Leave).ToDictionary(o => (o.Actor, o.Argument));
        foreach (Operation subscribe in Of(history, MessageCode.Subscribe).Where(o => !o.IsPending))
        {
            var key = (subscribe.Actor, subscribe.Argument);
            if (!leaves.TryGetValue(key, out Operation leave) || leave.Result == 0)
                continue;
            HashSet<long> own = [.. seen[key]];
            foreach (Operation publish in published)
            {
                if (publish.Begin > subscribe.End && publish.End < leave.Begin && !own.Contains(publish.Argument))
                    return $"{subscribe.Actor} had subscribed and never saw {MessageId.Text(publish.Argument)}";
            }
        }
        return null;
    }
}
