using Samepage.Torture.Histories;

namespace Samepage.Torture.Linear;

/// <summary>
/// Whether operations that overlap can be put in one order, in which each takes effect at an instant between its begin and its end: J. M. Wing and C. Gong, "Testing and
/// verifying concurrent objects", Journal of Parallel and Distributed Computing 17 (1993). That a state with the same operations behind it is not searched twice is
/// G. Lowe's: "Testing for linearizability", Concurrency and Computation: Practice and Experience 29 (2017).
/// </summary>
internal static class Linearizability
{
    public const int MostOperations = 64;

    /// <summary>What is pending may be put anywhere after its begin, or be left out.</summary>
    public static bool Holds<TState>(IReadOnlyList<Operation> operations, Model<TState> model) where TState : IEquatable<TState>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(operations.Count, MostOperations);
        ulong mustHappen = 0;
        for (int i = 0; i < operations.Count; i++)
            mustHappen |= operations[i].IsPending ? 0 : 1UL << i;
        var seen = new HashSet<(ulong, TState)>();
        var open = new Stack<(ulong Done, TState State)>();
        open.Push((0, model.Initial));
        while (open.TryPop(out (ulong Done, TState State) here))
        {
            if ((here.Done & mustHappen) == mustHappen)
                return true;
            if (!seen.Add(here))
                continue;
            // Next is one that began before any of those that remain had ended.
            long firstEnd = Operation.Never;
            for (int i = 0; i < operations.Count; i++)
            {
                if ((here.Done >> i & 1) == 0)
                    firstEnd = Math.Min(firstEnd, operations[i].End);
            }
            for (int i = 0; i < operations.Count; i++)
            {
                if ((here.Done >> i & 1) != 0 || operations[i].Begin > firstEnd)
                    continue;
                foreach (TState next in model.Apply(here.State, operations[i]))
                    open.Push((here.Done | 1UL << i, next));
            }
        }
        return false;
    }
}
