using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of a map of cells: a value was written, and to the key at which it is read.</summary>
internal static class CellMapRules
{
    public static Rule BelongsToItsKey { get; } =
        new("a value is of its key", Check, o => o.Code == (int)CellCode.Write ? o.Argument : o.Result == 0 ? Rule.Kept : o.Result);

    private static string? Check(History history)
    {
        Dictionary<long, Operation> writes = history.Operations.Where(o => o.Code == (int)CellCode.Write).ToDictionary(o => o.Argument);
        foreach (Operation read in history.Operations.Where(o => o is { Code: (int)CellCode.Read, IsPending: false } && o.Result != 0))
        {
            if (!writes.TryGetValue(read.Result, out Operation write) || write.Begin > read.End)
                return $"{read.Actor} read {MessageId.Text(read.Result)}, which nobody had written";
            if (!write.IsPending && write.Result == 0)
                return $"{read.Actor} read {MessageId.Text(read.Result)}, whose writer was told that the key was gone";
            if (MessageId.LaneOf(read.Result) != MessageId.LaneOf(read.Argument))
                return $"{read.Actor} read {MessageId.Text(read.Result)} at the key {MessageId.LaneOf(read.Argument)}";
        }
        return null;
    }
}
