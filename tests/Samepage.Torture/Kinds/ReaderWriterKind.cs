using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

internal sealed class ReaderWriterKind() : Kind("reader-writer")
{
    public override IReadOnlyList<string> Roles { get; } = ["reader", "reader", "reader", "writer", "writer"];

    public override IDisposable Prepare(string name) => SharedReaderWriterLock.Create(name);

    public override void Run(string role, Work work)
    {
        using SharedReaderWriterLock held = SharedReaderWriterLock.Open(work.Name);
        for (long number = 0; !work.IsEnding; number++)
        {
            bool writes = role == "writer" && !work.Chance(4);
            TimeSpan time = work.Chance(4) ? TimeSpan.Zero : work.UpTo(40);
            work.History.Begin(writes ? HoldCode.Acquire : HoldCode.AcquireRead, number);
            WaitResult result = writes ? held.EnterWrite(time) : held.EnterRead(time);
            work.History.End((long)result);
            work.Breathe();
            if (result == WaitResult.TimedOut)
                continue;
            work.History.Begin(writes ? HoldCode.Release : HoldCode.ReleaseRead, number);
            if (writes)
                held.ExitWrite();
            else
                held.ExitRead();
            work.History.End();
            work.Breathe();
        }
    }

    public override IEnumerable<Rule> Rules => [HoldRules.Exclusion, HoldRules.ToldUntilRepaired];

    public override string Describe(Operation operation) => Describe<HoldCode>(operation, result: r => $"{(WaitResult)r}");
}
