using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Locks;

/// <summary>A lock that a process holds, whichever of its threads comes next (W30, W31).</summary>
/// <remarks>
/// The word names the holder's place, and the place its tether. Who gives the lock up wakes all in the same step; who sleeps has made sure that its own
/// process watches the holder's tether. So a sleeper is woken whatever happens, and no death in between owes anybody anything.
/// Protocol, states of death and proof: docs/design/flow-lock.md; model: tests/models/flow-lock.pml.
/// </remarks>
internal sealed unsafe class FlowLock(WaitBlock block, SharedObjectInfo info) : FlowLockBackend, IFutexObject
{
    public override SharedObjectInfo Info => info with { State = StateReader.OfLock(block, Scope) };

    public WaitBlock Block => block;

    public SharedObjectScope Scope => info.Scope;

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WaitResult? result = TryTakeSpinning(timeout == TimeSpan.Zero);
        if (result is null && timeout == TimeSpan.Zero)
            result = WaitResult.TimedOut;
        if (result is null)
        {
            var deadline = Deadline.After(timeout);
            using WaitCancellation? cancellation = WaitCancellation.For(block.Word, cancellationToken);
            result = WaitAsleep(deadline, cancellation);
        }
        GC.KeepAlive(block);
        return result ?? throw new OperationCanceledException(cancellationToken);
    }

    public override bool Release()
    {
        LockShare share = LockShare.Of(block, Scope);
        if (!share.TryLetGo())
            return false;
        uint word = LockWord.Word(SharedAtomics.Acquire(block.Pair));
        // SYNC(lock): pairs with the exchange in TryTake.
        if ((word & LockWord.Waiters) == 0 && SharedAtomics.CompareExchange(block.Word, word, word & ~LockWord.HolderMask))
            CrashSwitch.Reach(CrashPoint.LockReleased);
        else
        {
            Futex.ClearAndWakeAll(block.Word, LockWord.HolderMask | LockWord.Waiters);
            CrashSwitch.Reach(CrashPoint.LockHandedOver);
        }
        GC.KeepAlive(block);
        return true;
    }

    public override void Dispose() => block.Detach();

    uint IFutexObject.Begin() => 0;

    WaitResult? IFutexObject.TryTake(RobustThread me, uint begun) => TryTake(looksAtHolder: true);

    bool IFutexObject.IsSignaled(RobustThread me, uint begun)
    {
        ulong pair = Read();
        return HolderOf(pair) == 0 || IsHealed(pair);
    }

    bool IFutexObject.TryMark(RobustThread me, uint begun, out uint word) => TryMark(out word);

    bool IFutexObject.TryWithhold(RobustThread me)
    {
        LockShare share = LockShare.Of(block, Scope);
        while (true)
        {
            ulong pair = SharedAtomics.Acquire(block.Pair);
            if (HolderOf(pair) != 0)
                return false;
            // NO-POINT: nobody reads it before the lock is withheld.
            block.ClaimRecord->WasAbandoned = (LockWord.Word(pair) & LockWord.Died) != 0 ? 1u : 0u;
            // NO-POINT: AllWithheld stands in the caller.
            if (SharedAtomics.CompareExchange(block.Pair, pair, Taken(pair, share.Holder) | SignalWord.WithheldInPair))
                return true;
        }
    }

    WaitResult IFutexObject.Confirm(RobustThread me)
    {
        block.ClearWithheld();
        LockShare.Of(block, Scope).Hold();
        return block.ClaimRecord->WasAbandoned != 0 ? WaitResult.Abandoned : WaitResult.Signaled;
    }

    void IFutexObject.GiveBack(RobustThread me) => _ = Settle(me, taken: false);

    public bool Settle(RobustThread me, bool taken)
    {
        // Nobody changes the word meanwhile but to take the sleepers' mark away, which is done here as well.
        ulong pair;
        while (HolderOf(pair = SharedAtomics.Acquire(block.Pair)) != 0)
        {
            if (taken || block.ClaimRecord->WasAbandoned != 0)
            {
                if (!SharedAtomics.CompareExchange(block.Pair, pair, pair | LockWord.Died))
                    continue;
                CrashSwitch.Reach(CrashPoint.LockMarkedDied);
            }
            Futex.ClearAndWakeAll(block.Word, LockWord.HolderMask | LockWord.Waiters);
            CrashSwitch.Reach(CrashPoint.LockSetFree);
        }
        block.ClearWithheld();
        return true;
    }

    private static uint HolderOf(ulong pair) => LockWord.Word(pair) & LockWord.HolderMask;

    private static ulong Taken(ulong pair, uint holder) =>
        LockWord.Next(pair, holder | LockWord.Word(pair) & LockWord.Waiters);

    private WaitResult? TryTakeSpinning(bool once)
    {
        if (once)
            return TryTake(looksAtHolder: true);
        var spinner = new Spinner(Spinner.Rarely);
        do
        {
            if (TryTake(looksAtHolder: false) is { } result)
                return result;
        }
        while (spinner.Once());
        return null;
    }

    /// <summary>Null: cancelled.</summary>
    private WaitResult? WaitAsleep(in Deadline deadline, WaitCancellation? cancellation)
    {
        Sleep sleep = Sleep.Woken;
        while (true)
        {
            if (TryTake(looksAtHolder: sleep != Sleep.Woken) is { } result)
                return result;
            if (sleep != Sleep.Woken)
                return sleep == Sleep.TimedOut ? WaitResult.TimedOut : null;
            if (!TryMark(out uint word))
                continue;
            sleep = Futex.Wait(block.Word, word, deadline, cancellation);
            CrashSwitch.Reach(CrashPoint.LockWoken);
        }
    }

    /// <summary>Takes the lock if nobody holds it.</summary>
    /// <param name="looksAtHolder">Also from a holder that is gone; which a look at its word alone does not show.</param>
    private WaitResult? TryTake(bool looksAtHolder)
    {
        LockShare share = LockShare.Of(block, Scope);
        while (true)
        {
            ulong pair = Read();
            if (HolderOf(pair) != 0)
            {
                if (looksAtHolder && IsHealed(pair))
                    continue;
                return null;
            }
            // SYNC(lock): pairs with the exchange in Release, and with the end of the holder, which its tether tells.
            if (!SharedAtomics.CompareExchange(block.Pair, pair, Taken(pair, share.Holder)))
                continue;
            CrashSwitch.Reach(CrashPoint.LockTaken);
            share.Hold();
            return (LockWord.Word(pair) & LockWord.Died) != 0 ? WaitResult.Abandoned : WaitResult.Signaled;
        }
    }

    /// <summary>Leaves the sleepers' mark. False: look again.</summary>
    private bool TryMark(out uint word)
    {
        ulong pair = Read();
        word = 0;
        if (HolderOf(pair) == 0)
            return false;
        if ((LockWord.Word(pair) & LockWord.Waiters) == 0)
        {
            ulong marked = LockWord.Next(pair, LockWord.Word(pair) & (LockWord.HolderMask | LockWord.Died) | LockWord.Waiters);
            if (!SharedAtomics.CompareExchange(block.Pair, pair, marked))
                return false;
            pair = marked;
            CrashSwitch.Reach(CrashPoint.LockMarked);
        }
        word = LockWord.Word(pair);
        // Last: when the holder goes from now on, the mark goes, or this sleeper is woken.
        return !IsHealed(pair);
    }

    /// <summary>True: its holder is gone, and the lock is free, if nobody was faster; look again. False: the holder lives, and is watched.</summary>
    private bool IsHealed(ulong pair)
    {
        uint holder = HolderOf(pair);
        if (holder == LockShare.Of(block, Scope).Holder)
            return false;
        // SYNC(place): pairs with the exchange by which the holder took the place, before it took the lock.
        ulong tether = holder <= LockPlace.Count ? SharedAtomics.Acquire(&block.LockPlaces[holder - 1].Tether) : 0;
        if (tether == 0)
            throw Corrupt($"the wait word of the lock names holder {holder}, and there is none");
        if (PeerLife.IsAlive(Scope, tether, block))
            return false;
        _ = SharedAtomics.CompareExchange(block.Pair, pair,
            LockWord.Next(pair, LockWord.Died | LockWord.Word(pair) & LockWord.Waiters));
        CrashSwitch.Reach(CrashPoint.LockHealed);
        return true;
    }

    /// <summary>The state, once no wait for all has taken the lock without having decided.</summary>
    private ulong Read()
    {
        while (true)
        {
            ulong pair = SharedAtomics.Acquire(block.Pair);
            if (!SignalWord.IsWithheld(pair))
                return pair;
            _ = Withholding.Settle(RobustThread.Current, this);
        }
    }

    private SharedObjectException Corrupt(string field) =>
        LinuxErrors.Corrupt(block.Description.BareName, field, info.Name, SharedObjectKind.Lock);
}
