using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>The mutex of a thread, and the lock of a process.</summary>
internal sealed class LockKind(string name, Func<string, SharedWaitable> open, Action<SharedWaitable> release) : Kind(name)
{
    public static LockKind Mutex { get; } = new("mutex", SharedMutex.CreateOrOpen, m => ((SharedMutex)m).Release());

    public static LockKind Flow { get; } = new("lock", SharedLock.CreateOrOpen, l => ((SharedLock)l).Release());

    public override IReadOnlyList<string> Roles { get; } = ["owner", "owner", "owner", "owner"];

    public override IDisposable Prepare(string name) => open(name);

    public override void Run(string role, Work work)
    {
        using SharedWaitable held = open(work.Name);
        for (long number = 0; !work.IsEnding; number++)
        {
            work.History.Begin(HoldCode.Acquire, number);
            WaitResult result = work.Wait(held);
            work.History.End((long)result);
            if (result == WaitResult.TimedOut)
                continue;
            work.Breathe();
            work.History.Begin(HoldCode.Release, number);
            release(held);
            work.History.End();
            work.Breathe();
        }
    }

    public override IEnumerable<Rule> Rules => [HoldRules.Exclusion, HoldRules.ToldOnce];

    public override string Describe(Operation operation) => Describe<HoldCode>(operation, result: r => $"{(WaitResult)r}");
}
