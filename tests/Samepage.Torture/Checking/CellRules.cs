using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of a cell: values have an order that everybody sees, and no update is lost.</summary>
internal static class CellRules
{
    public static Rule OneOrder { get; } = new("values have one order", CheckOrder, o => (CellCode)o.Code switch { CellCode.Write => o.Argument, CellCode.Read when o.Result != 0 => o.Result, _ => Rule.Kept });

    public static Rule NoUpdateLost { get; } = new("no update is lost", CheckUpdates, _ => Rule.Kept);

    private static IEnumerable<Operation> Of(History history, CellCode code) => history.Operations.Where(o => o.Code == (int)code);

    private static string? CheckOrder(History history)
    {
        Dictionary<long, Operation> writes = Of(history, CellCode.Write).ToDictionary(o => o.Argument);
        var numbers = new Dictionary<long, long>();
        var values = new Dictionary<long, long>();
        var known = new List<(long End, long Number)>();
        List<Operation> reads = [.. Of(history, CellCode.Read).Where(o => !o.IsPending)];
        foreach (Operation read in reads.Where(o => o.Result != 0))
        {
            if (!writes.TryGetValue(read.Result, out Operation write) || write.Begin > read.End)
                return $"{read.Actor} read {MessageId.Text(read.Result)}, which nobody had written";
            if (!values.TryAdd(read.Detail, read.Result) && values[read.Detail] != read.Result || !numbers.TryAdd(read.Result, read.Detail) && numbers[read.Result] != read.Detail)
                return $"number {read.Detail} is {MessageId.Text(read.Result)} for {read.Actor}, and for others it is not";
            known.Add((read.End, read.Detail));
        }
        known.AddRange(numbers.Where(n => !writes[n.Key].IsPending).Select(n => (writes[n.Key].End, n.Value)));
        known.Sort();
        // Whoever begins to read sees nothing older than what was written or read before.
        long latest = 0;
        int next = 0;
        foreach (Operation read in reads.OrderBy(o => o.Begin))
        {
            for (; next < known.Count && known[next].End < read.Begin; next++)
                latest = Math.Max(latest, known[next].Number);
            if (read.Detail < latest)
                return $"{read.Actor} read number {read.Detail} at {read.Begin}, when {latest} had been there before";
        }
        return null;
    }

    private static string? CheckUpdates(History history)
    {
        Operation[] done = [.. Of(history, CellCode.Add).Where(o => !o.IsPending).OrderBy(o => o.Result)];
        int pending = Of(history, CellCode.Add).Count(o => o.IsPending);
        long begunAfter = long.MaxValue;
        for (int i = done.Length - 1; i >= 0; i--)
        {
            if (i > 0 && done[i - 1].Result == done[i].Result)
                return $"{done[i - 1].Actor} and {done[i].Actor} both made it {done[i].Result}";
            if (begunAfter < done[i].Begin)
                return $"{done[i].Actor} made it {done[i].Result}, and it had been more before";
            begunAfter = Math.Min(begunAfter, done[i].End);
        }
        Operation? left = Of(history, CellCode.Left).Cast<Operation?>().FirstOrDefault();
        return left is null || left.Value.Result >= done.Length && left.Value.Result <= done.Length + pending
            ? null : $"{done.Length} were added, and {pending} perhaps, and it is {left.Value.Result}";
    }
}
