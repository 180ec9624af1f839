using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A mutex on a robust futex: the kernel marks it and wakes a waiter the moment its owner dies (W30, W31).</summary>
/// <remarks>Protocol, states of death and proof: docs/design/mutex.md; model: tests/models/mutex.pml.</remarks>
internal sealed unsafe class FutexMutex(WaitBlock block, SharedObjectInfo info) : MutexBackend
{
    private readonly WaitBlock _block = block;
    private readonly uint* _word = block.Word;
    private readonly nint _node = block.Node;

    public override SharedObjectInfo Info => info with { State = StateReader.Of(_block) };

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RobustThread me = RobustThread.Current;
        WaitBlock block = _block;
        if (block.Owner == me)
            return EnterAgain(block);
        if (!me.MayHoldAnother)
            throw new InvalidOperationException("This thread holds 2,000 mutexes; the kernel would not look after more of them when it dies.");

        me.Begin(_node);
        CrashSwitch.Reach(CrashPoint.MutexPending);
        // SYNC(mutex): pairs with the exchange in Release, and with the kernel's at the death of the owner.
        WaitResult result = SharedAtomics.CompareExchange(_word, MutexWord.Free, me.ThreadId)
            ? WaitResult.Signaled
            : WaitContended(me, timeout, cancellationToken);
        if (result != WaitResult.TimedOut)
        {
            CrashSwitch.Reach(CrashPoint.MutexTaken);
            me.Link(_node);
            CrashSwitch.Reach(CrashPoint.MutexLinked);
            block.Owner = me;
            block.Depth = 1;
        }
        me.End();
        CrashSwitch.Reach(CrashPoint.MutexEntered);
        GC.KeepAlive(block);
        return result;
    }

    public override bool Release()
    {
        RobustThread me = RobustThread.Current;
        WaitBlock block = _block;
        if (block.Owner != me)
            return false;
        if (--block.Depth > 0)
            return true;

        block.Owner = null;
        me.Begin(_node);
        CrashSwitch.Reach(CrashPoint.MutexLeaving);
        me.Unlink(_node);
        CrashSwitch.Reach(CrashPoint.MutexUnlinked);
        // SYNC(mutex): pairs with the exchanges of Wait.
        if (!SharedAtomics.CompareExchange(_word, me.ThreadId, MutexWord.Free))
            ReleaseContended();
        CrashSwitch.Reach(CrashPoint.MutexReleased);
        me.End();
        GC.KeepAlive(block);
        return true;
    }

    public override void Dispose() => _block.Detach();

    private static WaitResult EnterAgain(WaitBlock block)
    {
        block.Depth = checked(block.Depth + 1);
        return WaitResult.Signaled;
    }

    private WaitResult WaitContended(RobustThread me, TimeSpan timeout, CancellationToken token)
    {
        WaitResult? result = TrySpinning(me);
        if (result is null && timeout != TimeSpan.Zero)
        {
            var deadline = Deadline.After(timeout);
            WaitCancellation? cancellation = null;
            try
            {
                cancellation = WaitCancellation.For(_word, token);
                result = WaitAsleep(me, deadline, cancellation);
            }
            finally
            {
                cancellation?.Dispose();
                if (result is null)
                    me.End();
            }
            if (result is null)
                throw new OperationCanceledException(token);
        }
        return result ?? WaitResult.TimedOut;
    }

    private WaitResult? TrySpinning(RobustThread me)
    {
        var spinner = new Spinner();
        do
        {
            if (TryTake(me, out _) is { } result)
                return result;
        }
        while (spinner.Once());
        return null;
    }

    /// <summary>Null: cancelled.</summary>
    private WaitResult? WaitAsleep(RobustThread me, in Deadline deadline, WaitCancellation? cancellation)
    {
        Sleep sleep = Sleep.Woken;
        while (true)
        {
            if (TryTake(me, out uint word) is { } result)
                return result;
            // Somebody owns it: whoever that is will wake the next one, so nobody is left alone by our leaving.
            if (sleep == Sleep.TimedOut)
                return WaitResult.TimedOut;
            if (sleep == Sleep.Cancelled)
                return null;
            if ((word & MutexWord.Waiters) == 0)
            {
                if (!SharedAtomics.CompareExchange(_word, word, word | MutexWord.Waiters))
                    continue;
                CrashSwitch.Reach(CrashPoint.MutexWaitersMarked);
            }
            sleep = Futex.Wait(_word, word | MutexWord.Waiters, deadline, cancellation);
            CrashSwitch.Reach(CrashPoint.MutexWoken);
        }
    }

    /// <summary>Takes the mutex if nobody owns it. Null: <paramref name="word"/> names an owner.</summary>
    private WaitResult? TryTake(RobustThread me, out uint word)
    {
        while (true)
        {
            // SYNC(mutex): pairs with the exchange in Release, and with the kernel's at the death of the owner.
            ulong pair = SharedAtomics.Acquire(_block.Pair);
            word = MutexWord.Word(pair);
            if ((word & MutexWord.OwnerMask) != 0)
                return null;
            bool taken = word == MutexWord.Free
                ? SharedAtomics.CompareExchange(_word, MutexWord.Free, me.ThreadId)
                : SharedAtomics.CompareExchange(_block.Pair, pair,
                    MutexWord.Pair(MutexWord.Generation(pair) + 1, me.ThreadId | (word & MutexWord.Waiters)));
            if (taken)
                return (word & MutexWord.OwnerDied) != 0 ? WaitResult.Abandoned : WaitResult.Signaled;
        }
    }

    private void ReleaseContended()
    {
        // Still the owner: nobody else changes the generation.
        uint generation = MutexWord.Generation(SharedAtomics.Acquire(_block.Pair));
        int woken = Futex.HandOver(_word);
        CrashSwitch.Reach(CrashPoint.MutexHandedOver);
        if (woken == 0)
        {
            // Nobody slept at that moment. Whoever took the mutex since has raised the generation, and then the bit is theirs to keep.
            _ = SharedAtomics.CompareExchange(_block.Pair,
                MutexWord.Pair(generation, MutexWord.Waiters), MutexWord.Pair(generation, MutexWord.Free));
            CrashSwitch.Reach(CrashPoint.MutexWaitersCleared);
        }
    }
}
