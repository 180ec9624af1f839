using System.Diagnostics;

namespace Samepage.Hostile;

/// <summary>Attacks on one kind: epoch after epoch, until its share of time or mutations is used up.</summary>
internal sealed class Campaign(string kind, int seed, TimeSpan time, long mutations, Tally tally)
{
    private const int MostFailures = 3;
    private long _left = mutations;

    /// <summary>What the last epoch's objects were told: they may yet be met when these are closed.</summary>
    private Failure _last = new(kind, seed, 0, false, "", []);

    public void Run()
    {
        long began = Stopwatch.GetTimestamp();
        for (int failures = 0; failures < MostFailures && Stopwatch.GetElapsedTime(began) < time && _left > 0;)
        {
            using var victim = new VictimProcess(kind, seed, _last.Epoch + 1, long.MaxValue - _last.Epoch - 1, alwaysAtRest: false);
            string? fault = null;
            while (fault is null && Stopwatch.GetElapsedTime(began) < time && _left > 0)
                fault = Attack(victim);
            fault ??= victim.End();
            tally.Add(victim.Control);
            if (fault is null)
                return;
            failures++;
            tally.Add(_last with { Fault = fault });
        }
    }

    /// <summary>One epoch; what is wrong with the victim, or null.</summary>
    private string? Attack(VictimProcess victim)
    {
        ControlPage control = victim.Control;
        while (control.Phase != Phase.Ready || control.Answered == control.Epoch)
        {
            if (victim.Fault() is { } early)
                return early;
            Thread.Sleep(0);
        }
        var epoch = new Epoch(seed, control.Epoch);
        using IAttack attacker = kind == SceneCatalog.Files
            ? new FileTricks(victim.Objects, epoch)
            : new Attacker(victim.Objects, epoch.Chance(2), victim.Id);
        bool atRest = epoch.IsAtRest;
        _last = new Failure(kind, seed, epoch.Number, atRest, "", attacker.Log);
        Random random = epoch.Chance(3);
        if (atRest && attacker.HasTargets)
        {
            int count = 1 + random.Next(random.Next(4) == 0 ? 200 : 4);
            for (int i = 0; i < count; i++)
                attacker.Mutate(transient: false);
            Count(count);
        }
        control.Answered = epoch.Number;
        while (control.Epoch == epoch.Number && control.Phase != Phase.Making)
        {
            if (victim.Fault() is { } fault)
                return fault;
            if (atRest || control.Phase != Phase.InUse || !attacker.HasTargets)
            {
                Thread.Sleep(0);
                continue;
            }
            int burst = random.Next(1, 12);
            for (int i = 0; i < burst; i++)
                attacker.Mutate(transient: random.Next(3) != 0);
            Count(burst);
            LetItWork(control, random.Next(3));
        }
        return null;
    }

    private void Count(int mutations)
    {
        _left -= mutations;
        tally.Mutations += mutations;
    }

    /// <summary>So that what is written is met before it is written over.</summary>
    private static void LetItWork(ControlPage control, int operations)
    {
        long until = control.AllOperations + operations, began = Stopwatch.GetTimestamp();
        while (control.AllOperations < until && control.Phase == Phase.InUse && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMicroseconds(50))
            Thread.SpinWait(20);
    }
}
