using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of messages of which each goes to one.</summary>
internal static class DeliveryRules
{
    public static Rule WasSent { get; } = new("what came was sent", CheckWasSent, Unit);

    public static Rule AtMostOnce { get; } = new("delivered at most once", CheckAtMostOnce, Unit);

    /// <summary>What nobody got was in the hands of a receiver that died; one has one message at a time.</summary>
    public static Rule NotLost { get; } = new("accepted and not lost", CheckNotLost, Unit);

    public static Rule InOrder { get; } = new("in the order of the sender", CheckInOrder, Unit);

    /// <summary>
    /// Of a stream that one receiver has from its first message on. The last message of a stream may come alone: it was just being sent when the mailbox went,
    /// and lies in the next one of that name.
    /// </summary>
    public static Rule NoGap { get; } = new("from the first on, without a gap", CheckNoGap, Stream);

    public static Rule DoneAtLeastOnce { get; } = new("done at least once", CheckDone, Unit);

    public static Rule OneHasIt { get; } = new("leased by one at a time", CheckOneHasIt, Unit);

    public static Rule DeliveriesCounted { get; } = new("deliveries are counted", CheckCounted, Unit);

    /// <summary>Of a queue without leases: nothing is given out while something of a higher priority waits. The lane of a message tells its priority.</summary>
    public static Rule HigherFirst(int priorities) => new("a higher priority first", history => CheckHigherFirst(history, priorities), Unit);

    private static long Unit(Operation operation) => (MessageCode)operation.Code == MessageCode.Receive ? operation.Result == 0 ? Rule.Kept : operation.Result : operation.Argument;

    /// <summary>All messages of a stream; receiving nothing is of none.</summary>
    private static long Stream(Operation operation) => MessageId.StreamOf((MessageCode)operation.Code == MessageCode.Receive ? operation.Result : operation.Argument);

    private static IEnumerable<Operation> Of(History history, MessageCode code) => history.Operations.Where(o => o.Code == (int)code);

    private static IEnumerable<Operation> Deliveries(History history) => Of(history, MessageCode.Receive).Where(o => !o.IsPending && o.Result != 0);

    private static IEnumerable<Operation> Accepted(History history) => Of(history, MessageCode.Send).Where(o => !o.IsPending && o.Result == 1);

    private static string? CheckWasSent(History history)
    {
        Dictionary<long, Operation> sent = Of(history, MessageCode.Send).ToDictionary(o => o.Argument);
        foreach (Operation delivery in Deliveries(history))
        {
            if (!sent.TryGetValue(delivery.Result, out Operation send))
                return $"{MessageId.Text(delivery.Result)} came, and nobody sent it";
            if (!send.IsPending && send.Result == 0)
                return $"{MessageId.Text(delivery.Result)} came, and its sender was told that it was not accepted";
            if (delivery.End < send.Begin)
                return $"{MessageId.Text(delivery.Result)} came before it was sent";
        }
        return null;
    }

    private static string? CheckAtMostOnce(History history)
    {
        var seen = new HashSet<long>();
        foreach (Operation delivery in Deliveries(history))
        {
            if (!seen.Add(delivery.Result))
                return $"{MessageId.Text(delivery.Result)} was delivered twice";
        }
        return null;
    }

    private static string? CheckNotLost(History history)
    {
        HashSet<long> delivered = [.. Deliveries(history).Select(o => o.Result)];
        Operation[] lost = [.. Accepted(history).Where(o => !delivered.Contains(o.Argument))];
        // Each that died in the middle of receiving may have had one that was there before it was gone.
        List<long> gone = [.. Of(history, MessageCode.Receive).Where(o => o.IsPending).Select(o => history.Actors[o.Actor].Gone).Order()];
        foreach (Operation send in lost.OrderByDescending(o => o.Begin))
        {
            int last = gone.Count - 1;
            if (last < 0 || gone[last] < send.Begin)
                return $"{MessageId.Text(send.Argument)} was accepted, {lost.Length} were never delivered, and too few receivers died to have had them";
            gone.RemoveAt(last);
        }
        return null;
    }

    private static string? CheckInOrder(History history)
    {
        foreach (IGrouping<long, Operation> stream in Deliveries(history).Where(o => o.Detail <= 1).GroupBy(o => MessageId.StreamOf(o.Result)))
        {
            Operation? earliest = null;
            foreach (Operation delivery in stream.OrderByDescending(o => o.Result))
            {
                if (earliest is { } later && later.End < delivery.Begin)
                    return $"{MessageId.Text(later.Result)} was delivered before {MessageId.Text(delivery.Result)}";
                if (earliest is null || delivery.End < earliest.Value.End)
                    earliest = delivery;
            }
        }
        return null;
    }

    private static string? CheckHigherFirst(History history, int priorities)
    {
        Operation[] deliveries = [.. Deliveries(history).OrderBy(o => o.Begin)];
        Dictionary<long, Operation> deliveryOf = deliveries.DistinctBy(o => o.Result).ToDictionary(o => o.Result);
        for (int priority = 1; priority < priorities; priority++)
        {
            Operation[] higher = [.. Accepted(history).Where(o => MessageId.LaneOf(o.Argument) % priorities >= priority && deliveryOf.ContainsKey(o.Argument)).OrderBy(o => o.End)];
            Operation? last = null;
            int next = 0;
            foreach (Operation lower in deliveries.Where(o => MessageId.LaneOf(o.Result) % priorities < priority))
            {
                for (; next < higher.Length && higher[next].End < lower.Begin; next++)
                {
                    Operation delivery = deliveryOf[higher[next].Argument];
                    if (last is null || delivery.Begin > last.Value.Begin)
                        last = delivery;
                }
                if (last is { } waited && waited.Begin > lower.End)
                    return $"{MessageId.Text(lower.Result)} was given out while {MessageId.Text(waited.Result)}, of a higher priority, waited";
            }
        }
        return null;
    }

    private static string? CheckNoGap(History history)
    {
        HashSet<long> accepted = [.. Accepted(history).Select(o => o.Argument)];
        foreach (IGrouping<long, Operation> stream in Deliveries(history).GroupBy(o => MessageId.StreamOf(o.Result)))
        {
            uint expected = 0;
            foreach (long message in stream.Select(o => o.Result).Order())
            {
                if (MessageId.NumberOf(message) != expected++ && accepted.Contains(message + 1))
                    return $"{MessageId.Text(message)} was delivered, and not the one before";
            }
        }
        return null;
    }

    private static string? CheckDone(History history)
    {
        HashSet<long> done = [.. Of(history, MessageCode.Acknowledge).Select(o => o.Argument)];
        foreach (Operation send in Accepted(history))
        {
            if (!done.Contains(send.Argument))
                return $"{MessageId.Text(send.Argument)} was accepted, and nobody ever did it";
        }
        return null;
    }

    /// <summary>From its delivery to its end one receiver has a message, and after an acknowledgement nobody.</summary>
    private static string? CheckOneHasIt(History history)
    {
        foreach ((long message, List<Lease> leases) in Leases(history))
        {
            for (int i = 1; i < leases.Count; i++)
            {
                if (leases[i - 1].To > leases[i].Delivery.End)
                    return $"{MessageId.Text(message)} was leased by {leases[i - 1].Delivery.Actor} and {leases[i].Delivery.Actor} at once";
                if (leases[i - 1].IsDone && leases[i].Delivery.Begin > leases[i - 1].Gone)
                    return $"{MessageId.Text(message)} was delivered to {leases[i].Delivery.Actor} after {leases[i - 1].Delivery.Actor} had acknowledged it";
            }
        }
        return null;
    }

    /// <summary>Each delivery has a higher count, and what is not seen were deliveries to those who died in taking.</summary>
    private static string? CheckCounted(History history)
    {
        int unseen = Of(history, MessageCode.Receive).Count(o => o.IsPending);
        foreach ((long message, List<Lease> leases) in Leases(history))
        {
            long last = 0;
            for (int i = 0; i < leases.Count; i++)
            {
                long count = leases[i].Delivery.Detail;
                if (count <= last || count > i + 1 + unseen)
                    return $"{MessageId.Text(message)}: delivery {i + 1} that anybody saw says {count}, after {last}";
                last = count;
            }
        }
        return null;
    }

    private static IEnumerable<(long Message, List<Lease> Leases)> Leases(History history)
    {
        ILookup<(int, long), Operation> ends = history.Operations.Where(o => (MessageCode)o.Code is MessageCode.Acknowledge or MessageCode.Return).ToLookup(o => (o.Actor, o.Argument));
        foreach (IGrouping<long, Operation> deliveries in Deliveries(history).GroupBy(o => o.Result))
            yield return (deliveries.Key, [.. deliveries.OrderBy(o => o.End).Select(o => Lease.Of(o, ends[(o.Actor, o.Result)], history.Actors[o.Actor]))]);
    }

    /// <summary>A message in somebody's hands.</summary>
    /// <param name="To">Until when it certainly was.</param>
    /// <param name="Gone">From when it certainly was not.</param>
    /// <param name="IsDone">It was acknowledged.</param>
    private sealed record Lease(Operation Delivery, long To, long Gone, bool IsDone)
    {
        public static Lease Of(Operation delivery, IEnumerable<Operation> ends, Actor actor)
        {
            foreach (Operation end in ends)
            {
                if (end.Begin >= delivery.End)
                    return new Lease(delivery, Math.Min(end.Begin, actor.KillBegan), end.IsPending ? actor.Gone : end.End, !end.IsPending && (MessageCode)end.Code == MessageCode.Acknowledge);
            }
            return new Lease(delivery, actor.KillBegan, actor.Gone, IsDone: false);
        }
    }
}
