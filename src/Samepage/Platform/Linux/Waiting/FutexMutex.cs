using System.Runtime.CompilerServices;
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
        RobustThread me = RobustThread.Current;
        if (cancellationToken.IsCancellationRequested || _block.Owner == me.Identity || !RobustThread.MayHoldAnother)
            return WaitUnusually(me, cancellationToken);

        me.Begin(_node);
        CrashSwitch.Reach(CrashPoint.MutexPending);
        // SYNC(mutex): pairs with the exchange in Release, and with the kernel's at the death of the owner.
        if (!SharedAtomics.CompareExchange(_word, MutexWord.Free, me.ThreadId))
            return WaitContended(me, timeout, cancellationToken);
        Own(me);
        return WaitResult.Signaled;
    }

    public override bool Release()
    {
        RobustThread me = RobustThread.Current;
        WaitBlock block = _block;
        if (block.Owner != me.Identity)
            return false;
        if (block.Recursions != 0)
        {
            block.Recursions--;
            return true;
        }

        block.Owner = 0;
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

    /// <summary>Not a wait after all: cancelled before it began, taken once more by its owner, or one mutex too many.</summary>
    private WaitResult WaitUnusually(RobustThread me, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_block.Owner != me.Identity)
            throw new InvalidOperationException("This thread holds 2,000 mutexes; the kernel would not look after more of them when it dies.");
        _block.Recursions = checked(_block.Recursions + 1);
        return WaitResult.Signaled;
    }

    /// <summary>The word names this thread: so does the list now, and this process's own record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Own(RobustThread me)
    {
        CrashSwitch.Reach(CrashPoint.MutexTaken);
        me.Link(_node);
        CrashSwitch.Reach(CrashPoint.MutexLinked);
        _block.Owner = me.Identity;
        // Left by a thread that died in the middle of its recursion.
        if (_block.Recursions != 0)
            _block.Recursions = 0;
        me.End();
        CrashSwitch.Reach(CrashPoint.MutexEntered);
        GC.KeepAlive(_block);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WaitResult WaitContended(RobustThread me, TimeSpan timeout, CancellationToken token)
    {
        WaitResult? result = TrySpinning(me);
        if (result is null && timeout == TimeSpan.Zero)
            result = WaitResult.TimedOut;
        WaitCancellation? cancellation = null;
        try
        {
            if (result is null)
            {
                var deadline = Deadline.After(timeout);
                cancellation = WaitCancellation.For(_word, token);
                result = WaitAsleep(me, deadline, cancellation);
            }
        }
        finally
        {
            if (result is null or WaitResult.TimedOut)
                me.End();
            else
                Own(me);
            cancellation?.Dispose();
        }
        GC.KeepAlive(_block);
        return result ?? throw new OperationCanceledException(token);
    }

    private WaitResult? TrySpinning(RobustThread me)
    {
        var spinner = new Spinner(Spinner.Rarely);
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
