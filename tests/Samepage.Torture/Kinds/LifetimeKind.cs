using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>A section that is made, opened and closed by all, and held by nobody else.</summary>
internal sealed class LifetimeKind() : Kind("lifetime")
{
    public override IReadOnlyList<string> Roles { get; } = ["opener", "opener", "opener", "opener"];

    public override IDisposable? Prepare(string name) => null;

    public override void Run(string role, Work work)
    {
        while (!work.IsEnding)
        {
            work.History.Begin(LifeCode.Open);
            using SharedMemory section = SharedMemory.CreateOrOpen(work.Name, 4096, out bool created);
            using MemoryView view = section.Map();
            long mark = Mark(view, work);
            work.History.End(mark, created ? 1 : 0);
            work.Breathe();
            Look(work, mark);
            work.History.Begin(LifeCode.Close, mark);
            view.Dispose();
            section.Dispose();
            work.History.End();
            work.Breathe();
        }
    }

    /// <summary>Whoever comes first to a new section marks it.</summary>
    private static long Mark(MemoryView view, Work work)
    {
        long own = work.Random.NextInt64(1, long.MaxValue);
        long before = Interlocked.CompareExchange(ref view.GetReference<long>(0), own, 0);
        return before == 0 ? own : before;
    }

    private static void Look(Work work, long mark)
    {
        if (!SharedMemory.TryOpen(work.Name, out SharedMemory? second))
            throw new FaultException("a section that is held was not found");
        using (second)
        using (MemoryView other = second.Map())
        {
            if (Volatile.Read(ref other.GetReference<long>(0)) != mark)
                throw new FaultException("two handles of one name are two sections");
        }
    }

    public override IEnumerable<Rule> Rules => [LifeRules.OneAtATime, LifeRules.GoneWithTheLast];

    public override string Describe(Operation operation) => Describe<LifeCode>(operation, m => $"{m:x}", m => $"{m:x}");
}
