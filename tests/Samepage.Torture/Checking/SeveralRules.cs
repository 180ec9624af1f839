using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of waits for several semaphores: any takes exactly one, all takes all or nothing, also of those who died in the middle.</summary>
internal static class SeveralRules
{
    public static Rule AllOrNothing(int semaphores, int initial) =>
        new("any takes one, all takes all or nothing", history => CheckLeft(history, semaphores, initial), _ => Rule.Kept);

    /// <summary>What is left can be explained: by what was done, and each that was pending having happened or not.</summary>
    private static string? CheckLeft(History history, int semaphores, int initial)
    {
        Permits done = default;
        for (int i = 0; i < semaphores; i++)
            done = done.Plus(i, initial);
        Permits? left = null;
        HashSet<Permits> possible = [];
        List<Operation> pending = [];
        foreach (Operation operation in history.Operations)
        {
            if (operation.Code == (int)SeveralCode.Left)
                left = (left ?? default).Plus((int)operation.Argument, (int)operation.Result);
            else if (operation.IsPending)
                pending.Add(operation);
            else
                done = operation switch
                {
                    { Code: (int)SeveralCode.Give, Result: 1 } => done.Plus((int)operation.Argument, 1),
                    { Code: (int)SeveralCode.Any, Result: (long)WaitResult.Signaled } => done.Plus((int)operation.Detail, -1),
                    { Code: (int)SeveralCode.All, Result: (long)WaitResult.Signaled } => Taken(done, operation.Argument, semaphores),
                    _ => done,
                };
        }
        if (left is null)
            return null;
        possible.Add(done);
        foreach (Operation operation in pending)
            possible.UnionWith(possible.SelectMany(p => Outcomes(p, operation, semaphores)).ToArray());
        return possible.Contains(left.Value) ? null : $"{left} are left; done was what leaves {done}, and none of the {pending.Count} that were pending explain it";
    }

    private static IEnumerable<Permits> Outcomes(Permits before, Operation pending, int semaphores) => (SeveralCode)pending.Code switch
    {
        SeveralCode.Give => [before.Plus((int)pending.Argument, 1)],
        SeveralCode.All => [Taken(before, pending.Argument, semaphores)],
        _ => Enumerable.Range(0, semaphores).Where(i => (pending.Argument >> i & 1) != 0).Select(i => before.Plus(i, -1)),
    };

    private static Permits Taken(Permits before, long which, int semaphores)
    {
        for (int i = 0; i < semaphores; i++)
            before = (which >> i & 1) != 0 ? before.Plus(i, -1) : before;
        return before;
    }

    private readonly record struct Permits(int First, int Second, int Third)
    {
        public Permits Plus(int which, int count) => which switch
        {
            0 => this with { First = First + count },
            1 => this with { Second = Second + count },
            _ => this with { Third = Third + count },
        };
    }
}
