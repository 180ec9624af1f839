using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A mutex on a robust futex: the kernel marks it and wakes a waiter the moment its owner dies (W30, W31).</summary>
/// <remarks>Protocol, states of death and proof: docs/design/mutex.md; model: tests/models/mutex.pml.</remarks>
internal sealed unsafe class FutexMutex(WaitBlock block, SharedObjectInfo info) : MutexBackend, IFutexObject
{
    private readonly WaitBlock _block = block;
    private readonly RobustFutex _futex = new(block.Pair, block.Node, block.Entry);
    private MutexWaits? _waits;

    public override SharedObjectInfo Info => info with { State = StateReader.Of(_block) };

    public WaitBlock Block => _block;

    private MutexWaits Waits => _waits ??= MutexWaits.Of(info.Name!);

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        RobustThread me = RobustThread.Current;
        if (cancellationToken.IsCancellationRequested || _block.Owner == me.Identity || !RobustThread.MayHoldAnother)
            return WaitUnusually(me, cancellationToken);

        _futex.Begin(me);
        if (!_futex.TryTakeFree(me))
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
        _futex.Release(me);
        GC.KeepAlive(block);
        return true;
    }

    public override void Dispose() => _block.Detach();

    /// <inheritdoc cref="RobustFutex.PassOn"/>
    public void PassOn() => _futex.PassOn();

    SharedObjectScope IFutexObject.Scope => info.Scope;

    uint IFutexObject.Begin() => 0;

    WaitResult? IFutexObject.TryTake(RobustThread me, uint begun)
    {
        if (_block.Owner == me.Identity || !RobustThread.MayHoldAnother)
            return WaitUnusually(me, CancellationToken.None);
        _futex.Begin(me);
        if (TryTake(me, out _) is not { } result)
            return null;
        Own(me);
        if (result == WaitResult.Abandoned)
            Waits.Abandoned(info.Name!);
        return result;
    }

    bool IFutexObject.IsSignaled(RobustThread me, uint begun) =>
        _block.Owner == me.Identity || (MutexWord.Word(Read(me)) & MutexWord.OwnerMask) == 0;

    bool IFutexObject.TryMark(RobustThread me, uint begun, out uint word)
    {
        word = MutexWord.Word(Read(me));
        return (word & MutexWord.OwnerMask) != 0 && _futex.TryMark(ref word);
    }

    bool IFutexObject.TryWithhold(RobustThread me)
    {
        if (_block.Owner == me.Identity)
            return true;
        _futex.Begin(me);
        while (true)
        {
            ulong pair = _futex.Pair;
            if ((MutexWord.Word(pair) & MutexWord.OwnerMask) != 0)
            {
                me.End();
                return false;
            }
            // NO-POINT: nobody reads it before the mutex is withheld.
            _block.ClaimRecord->WasAbandoned = (MutexWord.Word(pair) & MutexWord.OwnerDied) != 0 ? 1u : 0u;
            if (!_futex.TryTakeFrom(me, pair, MutexWord.Withheld))
                continue;
            bool linked = _futex.TryLink(me);
            me.End();
            return linked ? true : throw TakenAway();
        }
    }

    WaitResult IFutexObject.Confirm(RobustThread me)
    {
        if (_block.Owner == me.Identity)
            return WaitUnusually(me, CancellationToken.None);
        _block.ClearWithheld();
        _block.Owner = me.Identity;
        _block.Recursions = 0;
        return _block.ClaimRecord->WasAbandoned != 0 ? WaitResult.Abandoned : WaitResult.Signaled;
    }

    void IFutexObject.GiveBack(RobustThread me)
    {
        if (_block.Owner == me.Identity)
            return;
        uint abandoned = _block.ClaimRecord->WasAbandoned != 0 ? MutexWord.OwnerDied : 0;
        me.Begin(_block.Node);
        _block.Entry.Unlink(me);
        ulong pair;
        do
            pair = _futex.Pair;
        while (!SharedAtomics.CompareExchange(_block.Pair, pair,
            MutexWord.Pair(MutexWord.Generation(pair), MutexWord.Word(pair) & MutexWord.Waiters | abandoned)));
        CrashSwitch.Reach(CrashPoint.MutexSetFree);
        _futex.PassOn();
        me.End();
    }

    bool IFutexObject.Settle(RobustThread me, bool taken)
    {
        _futex.Begin(me);
        ulong pair;
        uint word;
        do
        {
            pair = _futex.Pair;
            word = MutexWord.Word(pair);
            // The kernel hands on the claim of the dead before the mutex in some states, and comes to the mutex next; until then it is owned.
            if ((word & MutexWord.OwnerMask) != 0)
            {
                me.End();
                return false;
            }
            // Taken by one who died is abandoned; not taken after all, it is what it was before.
            if (!taken && _block.ClaimRecord->WasAbandoned == 0)
                word &= ~MutexWord.OwnerDied;
        }
        while (!SharedAtomics.CompareExchange(_block.Pair, pair, MutexWord.Pair(MutexWord.Generation(pair), word)));
        CrashSwitch.Reach(CrashPoint.MutexSetFree);
        _futex.PassOn();
        me.End();
        return true;
    }

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
        if (!_futex.TryLink(me))
            throw Refused(me);
        _block.Owner = me.Identity;
        // Left by a thread that died in the middle of its recursion.
        if (_block.Recursions != 0)
            _block.Recursions = 0;
        me.End();
        CrashSwitch.Reach(CrashPoint.MutexEntered);
        GC.KeepAlive(_block);
    }

    private SharedObjectException Refused(RobustThread me)
    {
        me.End();
        return TakenAway();
    }

    private SharedObjectException TakenAway() => LinuxErrors.Corrupt(
        _block.Description.BareName, "its wait word was free while another thread of this process held it", info.Name, SharedObjectKind.Mutex);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WaitResult WaitContended(RobustThread me, TimeSpan timeout, CancellationToken token)
    {
        WaitResult? result = TryTake(me, out _);
        bool contended = result is null;
        result ??= TrySpinning(me);
        if (result is null && timeout == TimeSpan.Zero)
            result = WaitResult.TimedOut;
        WaitCancellation? cancellation = null;
        try
        {
            if (result is null)
            {
                var deadline = Deadline.After(timeout);
                cancellation = WaitCancellation.For(_futex.Word, token);
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
            // Not before: whoever hears of it may take mutexes, too.
            if (contended)
                Waits.Contended();
        }
        GC.KeepAlive(_block);
        if (result == WaitResult.Abandoned)
            Waits.Abandoned(info.Name!);
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
            if (!_futex.TryMark(ref word))
                continue;
            sleep = Futex.Wait(_futex.Word, word, deadline, cancellation);
            CrashSwitch.Reach(CrashPoint.MutexWoken);
        }
    }

    /// <summary>Takes the mutex if nobody owns it. Null: <paramref name="word"/> names an owner.</summary>
    private WaitResult? TryTake(RobustThread me, out uint word)
    {
        while (true)
        {
            ulong pair = Read(me);
            word = MutexWord.Word(pair);
            if ((word & MutexWord.OwnerMask) != 0)
                return null;
            if (_futex.TryTakeFrom(me, pair))
                return (word & MutexWord.OwnerDied) != 0 ? WaitResult.Abandoned : WaitResult.Signaled;
        }
    }

    /// <summary>The state, once no wait for all that lives has the mutex without having decided. One that died may still be named as the owner.</summary>
    private ulong Read(RobustThread me)
    {
        while (true)
        {
            ulong pair = _futex.Pair;
            if (!SignalWord.IsWithheld(pair))
                return pair;
            if (!Withholding.Settle(me, this) && (MutexWord.Word(pair = _futex.Pair) & MutexWord.OwnerMask) != 0)
                return pair;
        }
    }
}
