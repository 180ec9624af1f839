using Samepage.Torture.Checking;
using Samepage.Torture.Histories;

namespace Samepage.Torture.Linear;

/// <summary>Each round can be put in one order.</summary>
internal static class LinearRule
{
    public static Rule Of<TState>(Model<TState> model) where TState : IEquatable<TState> =>
        new("linearizable", history => Check(history, model), o => Player.RoundOf(o.Code)) { SmallerUnit = Smaller };

    /// <summary>What may be left out of a round without making another one wrong: a value or a message with all that read it, and what found nothing.</summary>
    private static long Smaller(Operation operation) => Player.CodeOf(operation.Code) switch
    {
        LinearCode.Write or LinearCode.Send => operation.Argument,
        LinearCode.Read or LinearCode.Receive when !operation.IsPending && operation.Result != 0 => operation.Result,
        LinearCode.Take when operation.IsPending || operation.Result != (long)WaitResult.TimedOut => Rule.Kept,
        LinearCode.Give or LinearCode.Reset => Rule.Kept,
        _ => long.MinValue | operation.Begin,
    };

    private static string? Check<TState>(History history, Model<TState> model) where TState : IEquatable<TState>
    {
        foreach (IGrouping<int, Operation> round in history.Operations.GroupBy(o => Player.RoundOf(o.Code)))
        {
            List<Operation> operations = [.. round.Select(o => o with { Code = (int)Player.CodeOf(o.Code) })];
            foreach (int id in operations.Select(o => o.Actor).Distinct().ToArray())
            {
                if (history.Actors[id] is { WasKilled: true } dead)
                    operations.Add(new Operation(id, (int)LinearCode.Die, 0, 0, 0, dead.KillBegan, dead.Gone));
            }
            if (!Linearizability.Holds(Beginning(operations), model))
                return $"no order explains round {round.Key}";
        }
        return null;
    }

    /// <summary>As many as can be searched, up to an instant: what had not ended then was pending.</summary>
    private static List<Operation> Beginning(List<Operation> operations)
    {
        operations.Sort((a, b) => a.Begin.CompareTo(b.Begin));
        if (operations.Count <= Linearizability.MostOperations)
            return operations;
        long until = operations[Linearizability.MostOperations].Begin;
        return [.. operations.Take(Linearizability.MostOperations).Select(o => o.End < until ? o : o with { End = Operation.Never })];
    }
}
