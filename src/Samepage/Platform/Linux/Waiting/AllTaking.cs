using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>Takes several objects in one step that others cannot see into, and of which after a death either all has happened or nothing.</summary>
/// <remarks>Protocol, states of death and proof: docs/design/waiting-for-several.md; model: tests/models/all.pml.</remarks>
internal static unsafe class AllTaking
{
    /// <summary>The index of one that was not signalled, and then nothing has changed; or -1.</summary>
    /// <param name="me">The calling thread.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="order">Their indices in the order of claiming.</param>
    /// <param name="abandoned">The index of the first mutex whose last owner died, or -1.</param>
    public static int TryTake(RobustThread me, ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<int> order, out int abandoned)
    {
        abandoned = -1;
        var journal = Journal.Of(ScopeOf(objects));
        int claimed = 0;
        try
        {
            foreach (int index in order)
            {
                IFutexObject one = FutexObject.Of(objects[index]);
                bool settled = Withholding.Enter(me, one);
                // Before anything is asked of it: what is corrupt throws, and must not keep the claim.
                claimed++;
                if (!settled || !one.IsSignaled(me, one.Begin()))
                    return index;
            }
            return TryTakeClaimed(me, objects, order, journal, out abandoned);
        }
        finally
        {
            while (claimed > 0)
                FutexObject.Of(objects[order[--claimed]]).Block.Claim.Release(me);
        }
    }

    private static int TryTakeClaimed(
        RobustThread me, ReadOnlySpan<WaitableBackend> objects, ReadOnlySpan<int> order, Journal journal, out int abandoned)
    {
        abandoned = -1;
        ulong number = journal.Begin();
        int withheld = 0;
        bool decided = false;
        try
        {
            for (; withheld < order.Length; withheld++)
            {
                IFutexObject one = FutexObject.Of(objects[order[withheld]]);
                ClaimRecord* record = one.Block.ClaimRecord;
                // NO-POINT: nobody reads one without the other: the object is not withheld yet.
                record->Journal = journal.Id;
                record->Number = number;
                CrashSwitch.Reach(CrashPoint.AllRecorded);
                if (!one.TryWithhold(me))
                    return order[withheld];
                CrashSwitch.Reach(CrashPoint.AllWithheld);
            }
            decided = true;
            journal.Commit(number);
            return -1;
        }
        finally
        {
            while (withheld > 0)
            {
                int index = order[--withheld];
                IFutexObject one = FutexObject.Of(objects[index]);
                if (!decided)
                {
                    one.GiveBack(me);
                    CrashSwitch.Reach(CrashPoint.AllGivenBack);
                    continue;
                }
                if (one.Confirm(me) == WaitResult.Abandoned && (uint)index < (uint)abandoned)
                    abandoned = index;
                CrashSwitch.Reach(CrashPoint.AllConfirmed);
            }
            journal.End(number);
        }
    }

    /// <summary>Where everybody who may open one of the objects may read.</summary>
    private static SharedObjectScope ScopeOf(ReadOnlySpan<WaitableBackend> objects)
    {
        foreach (WaitableBackend one in objects)
        {
            if (FutexObject.Of(one).Scope == SharedObjectScope.Global)
                return SharedObjectScope.Global;
        }
        return SharedObjectScope.Local;
    }
}
