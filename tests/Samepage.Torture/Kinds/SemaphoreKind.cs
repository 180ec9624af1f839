using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

internal sealed class SemaphoreKind() : Kind("semaphore")
{
    private const int Initial = 3, Maximum = 12;

    public override IReadOnlyList<string> Roles { get; } = ["user", "user", "user", "user"];

    public override IDisposable Prepare(string name) => SharedSemaphore.Create(name, Initial, Maximum);

    public override void Run(string role, Work work)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Open(work.Name);
        for (long number = 0; !work.IsEnding; number++)
        {
            work.History.Begin(CountCode.Take, number);
            WaitResult result = work.Wait(semaphore);
            work.History.End((long)result);
            work.Breathe();
            if (result == WaitResult.Signaled)
                Give(number);
            else if (work.Chance(2))
                Give(CountRules.Unpaired);  // what the dead had is gone: somebody makes new ones
        }

        void Give(long number)
        {
            work.History.Begin(CountCode.Give, number);
            try
            {
                _ = semaphore.Release();
                work.History.End(1);
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.LimitReached)
            {
                work.History.End(0);
            }
        }
    }

    public override void Conclude(Work work)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Open(work.Name);
        work.History.Begin(CountCode.Left, CountRules.Unpaired);
        work.History.End(semaphore.Info.State!.Count);
    }

    public override IEnumerable<Rule> Rules => CountRules.Semaphore(Initial);

    public override string Describe(Operation operation) => Describe<CountCode>(operation);
}
