using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>What the others do when they meet an object from which a wait for all has taken something without having decided yet.</summary>
/// <remarks>Protocol, states of death and proof: docs/design/waiting-for-several.md; model: tests/models/all.pml.</remarks>
internal static unsafe class Withholding
{
    /// <summary>Waits until the claimant has decided; in the place of one who died, acts on what it had decided.</summary>
    /// <returns>False: something of it is still to come, and the object is as that one owned it.</returns>
    public static bool Settle(RobustThread me, IFutexObject one)
    {
        nint pending = me.Pending;
        // The claim will be the pending entry meanwhile, so a wake-up that was spent on this thread goes to the next one.
        if (pending != 0)
            _ = Futex.Wake(me.WordOf(pending), 1);
        try
        {
            bool settled = Enter(me, one);
            one.Block.Claim.Release(me);
            return settled;
        }
        finally
        {
            me.Begin(pending);
        }
    }

    /// <summary>Waits for the claim of the object; then nobody withholds anything of it.</summary>
    /// <returns>False: a mutex still names one who died.</returns>
    public static bool Enter(RobustThread me, IFutexObject one)
    {
        WaitBlock block = one.Block;
        RobustFutex claim = block.Claim;
        ThreadIdSpace.RequireForClaim(block.Description);
        claim.Begin(me);
        try
        {
            Take(me, block, claim);
        }
        finally
        {
            me.End();
        }
        CrashSwitch.Reach(CrashPoint.AllClaimed);
        // Who withholds holds the claim, so whoever left this mark is dead.
        if (!block.IsWithheld)
            return true;
        try
        {
            ClaimRecord record = *block.ClaimRecord;
            bool settled = one.Settle(me, Journal.IsCommitted(record.Journal, record.Number));
            CrashSwitch.Reach(CrashPoint.AllSettled);
            return settled;
        }
        catch
        {
            claim.Release(me);
            throw;
        }
    }

    private static void Take(RobustThread me, WaitBlock block, RobustFutex claim)
    {
        Deadline? patience = null;
        while (true)
        {
            ulong pair = claim.Pair;
            uint word = MutexWord.Word(pair);
            if ((word & MutexWord.OwnerMask) == 0)
            {
                if (claim.TryTakeFrom(me, pair))
                    break;
            }
            else if (claim.TryMark(ref word))
            {
                RequireClaimant(me, block, claim, word);
                patience ??= Deadline.After(Patience.OfSteps);
                if (Futex.Wait(claim.Word, word, patience.Value, null) == Sleep.TimedOut && MutexWord.Word(claim.Pair) == word)
                {
                    throw LinuxErrors.Corrupt(block.Description.BareName, Patience.Exhausted("its claim", (int)(word & MutexWord.OwnerMask)),
                        block.Description.BareName, block.Description.Kind);
                }
            }
        }
        if (!claim.TryLink(me))
        {
            throw LinuxErrors.Corrupt(block.Description.BareName, "its claim was free while another thread of this process held it",
                block.Description.BareName, block.Description.Kind);
        }
    }

    /// <summary>The kernel takes the claim from a thread that ends before the thread is gone: one that is gone never had it.</summary>
    private static void RequireClaimant(RobustThread me, WaitBlock block, RobustFutex claim, uint word)
    {
        uint thread = word & MutexWord.OwnerMask;
        if (thread == me.ThreadId)
            throw LinuxErrors.Corrupt(block.Description.BareName, "its claim names this thread, which does not hold it", block.Description.BareName, block.Description.Kind);
        bool isGone = LibC.SysCall3(Native.SysThreadKill, (nint)thread, 0, 0) != 0 && LinuxErrors.Last == Errno.ESRCH;
        if (isGone && MutexWord.Word(claim.Pair) == word)
            throw LinuxErrors.Corrupt(block.Description.BareName, $"its claim names thread {thread}, and there is none", block.Description.BareName, block.Description.Kind);
    }
}
