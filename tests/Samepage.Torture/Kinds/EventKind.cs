using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>An auto-reset event.</summary>
internal sealed class EventKind() : Kind("event")
{
    public override IReadOnlyList<string> Roles { get; } = ["setter", "setter", "waiter", "waiter", "waiter"];

    public override IDisposable Prepare(string name) => SharedEvent.Create(name, EventResetMode.AutoReset);

    public override void Run(string role, Work work)
    {
        using SharedEvent signal = SharedEvent.Open(work.Name);
        for (long number = 0; !work.IsEnding; number++)
        {
            if (role == "setter")
            {
                work.History.Begin(CountCode.Give, CountRules.Unpaired);
                signal.Set();
                work.History.End(1);
            }
            else
            {
                work.History.Begin(CountCode.Take, number);
                work.History.End((long)work.Wait(signal));
            }
            work.Breathe();
        }
    }

    public override void Conclude(Work work)
    {
        using SharedEvent signal = SharedEvent.Open(work.Name);
        work.History.Begin(CountCode.Left, CountRules.Unpaired);
        work.History.End(signal.Wait(TimeSpan.Zero) == WaitResult.Signaled ? 1 : 0);
    }

    public override IEnumerable<Rule> Rules => CountRules.AutoEvent;

    public override string Describe(Operation operation) => Describe<CountCode>(operation);
}
