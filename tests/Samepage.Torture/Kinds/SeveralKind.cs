using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>Waits for any and for all of three semaphores.</summary>
internal sealed class SeveralKind() : Kind("several")
{
    private const int Semaphores = 3, Initial = 2, Maximum = 8;

    public override IReadOnlyList<string> Roles { get; } = ["any", "any", "all", "all", "giver"];

    public override IDisposable Prepare(string name) => new Three(name, create: true);

    public override void Run(string role, Work work)
    {
        using var three = new Three(work.Name, create: false);
        while (!work.IsEnding)
        {
            if (role == "giver" || work.Chance(3))
                Give(three, work);
            else
                Wait(three, all: role == "all", work);
            work.Breathe();
        }
    }

    private static void Give(Three three, Work work)
    {
        int which = work.Random.Next(Semaphores);
        work.History.Begin(SeveralCode.Give, which);
        try
        {
            _ = three.Semaphores[which].Release();
            work.History.End(1);
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.LimitReached)
        {
            work.History.End(0);
        }
    }

    private static void Wait(Three three, bool all, Work work)
    {
        int[] order = [0, 1, 2];
        work.Random.Shuffle(order);
        int[] chosen = order[..work.Random.Next(2, Semaphores + 1)];
        TimeSpan time = work.Chance(4) ? TimeSpan.Zero : work.UpTo(40);
        SharedWaitable[] waited = [.. chosen.Select(i => three.Semaphores[i])];
        work.History.Begin(all ? SeveralCode.All : SeveralCode.Any, chosen.Sum(i => 1 << i));
        SharedWaitResult result = all ? SharedWait.All(waited, time) : SharedWait.Any(waited, time);
        work.History.End((long)result.Result, all || result.Result == WaitResult.TimedOut ? -1 : chosen[result.Index]);
    }

    public override void Conclude(Work work)
    {
        using var three = new Three(work.Name, create: false);
        for (int i = 0; i < Semaphores; i++)
        {
            // What the dead had decided and not finished is finished by a look.
            if (three.Semaphores[i].Wait(TimeSpan.Zero) == WaitResult.Signaled)
                _ = three.Semaphores[i].Release();
            work.History.Begin(SeveralCode.Left, i);
            work.History.End(three.Semaphores[i].Info.State!.Count);
        }
    }

    public override IEnumerable<Rule> Rules => [SeveralRules.AllOrNothing(Semaphores, Initial)];

    public override string Describe(Operation operation) => Describe<SeveralCode>(operation);

    private sealed class Three(string name, bool create) : IDisposable
    {
        public SharedSemaphore[] Semaphores { get; } =
            [.. Enumerable.Range(0, SeveralKind.Semaphores).Select(i => create ? SharedSemaphore.Create($"{name}-{i}", Initial, Maximum) : SharedSemaphore.Open($"{name}-{i}"))];

        public void Dispose() => Array.ForEach(Semaphores, s => s.Dispose());
    }
}
