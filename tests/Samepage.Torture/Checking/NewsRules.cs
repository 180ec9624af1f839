using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of messages of which each goes to everyone who subscribes.</summary>
internal static class NewsRules
{
    public static Rule WasPublished { get; } = new("what came was published", CheckWasPublished, _ => Rule.Kept);

    /// <summary>A subscriber that sees one of a publisher sees the next one next.</summary>
    public static Rule NoGap { get; } = new("in order, without a gap", CheckNoGap, _ => Rule.Kept);

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
        var last = new Dictionary<(int Actor, long Subscription, long Stream), long>();
        foreach (Operation sight in Sights(history))
        {
            var key = (sight.Actor, sight.Detail, MessageId.StreamOf(sight.Argument));
            if (last.TryGetValue(key, out long before) && sight.Argument != before + 1)
                return $"{sight.Actor} saw {MessageId.Text(sight.Argument)} after {MessageId.Text(before)}";
            last[key] = sight.Argument;
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
