using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>An auto-reset event on a futex word (W32, W35).</summary>
/// <remarks>
/// The word is the thread's pending robust entry during every operation of its own. It never names an owner, so the kernel answers the death
/// of a thread that was about to wake somebody, or was woken and had not taken the signal yet, by waking one more sleeper. Who waits for
/// several has no such entry to spare: where one of them sleeps, a set wakes all, in one step of the kernel.
/// Protocol and proof: docs/design/event-and-semaphore.md; model: tests/models/event.pml.
/// </remarks>
internal sealed unsafe class FutexAutoEvent(WaitBlock block, SharedObjectInfo info) : EventBackend, ISignal, IFutexObject
{
    public override SharedObjectInfo Info => info with { State = StateReader.Of(block) };

    public override EventResetMode Mode => EventResetMode.AutoReset;

    public WaitBlock Block => block;

    public override void Set()
    {
        RobustThread me = RobustThread.Current;
        me.Begin(block.Node);
        CrashSwitch.Reach(CrashPoint.EventPending);
        try
        {
            while (!TrySet())
            {
            }
        }
        finally
        {
            me.End();
            GC.KeepAlive(block);
        }
    }

    public override void Reset()
    {
        while (true)
        {
            ulong pair = Read();
            if (SignalWord.Word(pair) != SignalWord.Signaled)
                break;
            if (SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(0, 0)))
            {
                CrashSwitch.Reach(CrashPoint.EventReset);
                break;
            }
        }
        GC.KeepAlive(block);
    }

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RobustThread me = RobustThread.Current;
        me.Begin(block.Node);
        CrashSwitch.Reach(CrashPoint.EventPending);
        try
        {
            return TryTake(slept: false, out _) ? WaitResult.Signaled : SignalWait.Wait(this, block, timeout, cancellationToken);
        }
        finally
        {
            me.End();
            GC.KeepAlive(block);
        }
    }

    public override void Dispose() => block.Detach();

    /// <inheritdoc/>
    public bool TryTake(bool slept, out ulong pair)
    {
        while (true)
        {
            pair = Read();
            if (SignalWord.Word(pair) != SignalWord.Signaled)
                return false;
            // SYNC(event): pairs with the exchange in TrySet.
            if (SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(0, slept ? SignalWord.Waiters : 0)))
            {
                CrashSwitch.Reach(CrashPoint.EventTaken);
                return true;
            }
        }
    }

    SharedObjectScope IFutexObject.Scope => info.Scope;

    uint IFutexObject.Begin() => 0;

    WaitResult? IFutexObject.TryTake(RobustThread me, uint begun) => TryTake(slept: false, out _) ? WaitResult.Signaled : null;

    bool IFutexObject.IsSignaled(RobustThread me, uint begun) => SignalWord.Word(Read()) == SignalWord.Signaled;

    bool IFutexObject.TryMark(RobustThread me, uint begun, out uint word)
    {
        word = SignalWord.Several;
        ulong pair = Read();
        return SignalWord.Word(pair) != SignalWord.Signaled && SignalWait.TryMarkSeveral(block, pair);
    }

    bool IFutexObject.TryWithhold(RobustThread me)
    {
        while (true)
        {
            ulong pair = Read();
            if (SignalWord.Word(pair) != SignalWord.Signaled)
                return false;
            // NO-POINT: AllWithheld stands in the caller.
            if (SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.WithheldInPair))
                return true;
        }
    }

    WaitResult IFutexObject.Confirm(RobustThread me)
    {
        block.ClearWithheld();
        return WaitResult.Signaled;
    }

    void IFutexObject.GiveBack(RobustThread me) => _ = Settle(me, taken: false);

    public bool Settle(RobustThread me, bool taken)
    {
        if (taken)
        {
            block.ClearWithheld();
            return true;
        }
        ulong pair;
        // NO-POINT: AllGivenBack and AllSettled stand in the callers.
        do
            pair = SharedAtomics.Acquire(block.Pair);
        while (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(0, SignalWord.Signaled)));
        return true;
    }

    private bool TrySet()
    {
        ulong pair = Read();
        uint word = SignalWord.Word(pair);
        if (word == SignalWord.Signaled)
            return true;
        if (word == SignalWord.Several)
        {
            _ = Futex.SetAndWake(block.Word, SignalWord.SignaledBit, Futex.All);
            CrashSwitch.Reach(CrashPoint.EventBroadcast);
            return true;
        }
        // SYNC(event): pairs with the exchange in TryTake.
        if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(0, SignalWord.Signaled)))
            return false;
        CrashSwitch.Reach(CrashPoint.EventSet);
        if (word == SignalWord.Waiters)
        {
            _ = Futex.Wake(block.Word, 1);
            CrashSwitch.Reach(CrashPoint.EventWoke);
        }
        return true;
    }

    /// <summary>The state, once no wait for all has taken the signal without having decided.</summary>
    private ulong Read()
    {
        while (true)
        {
            // SYNC(event): pairs with the exchange in TrySet.
            ulong pair = SharedAtomics.Acquire(block.Pair);
            if ((SignalWord.Word(pair) & SignalWord.AlwaysZero) == 0 && SignalWord.SecondHalf(pair) == 0)
                return pair;
            if ((pair & ~SignalWord.WithheldInPair & ~(ulong)SignalWord.Several) != 0)
                throw LinuxErrors.Corrupt(block.Description.BareName, $"the wait word of the event is {SignalWord.Word(pair):X8}, with {SignalWord.SecondHalf(pair):X8} beside it", info.Name, SharedObjectKind.Event);
            _ = Withholding.Settle(RobustThread.Current, this);
        }
    }
}
