using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A semaphore on a futex word, with the count beside it (W33, W35).</summary>
/// <remarks>
/// As with the event, the word is the pending robust entry during every operation. A release wakes one sleeper whatever its count; a
/// sleeper that leaves permits behind wakes the next: so a chain once begun goes on through whoever survives. Where somebody sleeps who waits
/// for several, a release first wakes all, in one step of the kernel, and gives the permits when nobody of those sleeps any more.
/// Protocol and proof: docs/design/event-and-semaphore.md; model: tests/models/semaphore.pml.
/// </remarks>
internal sealed unsafe class FutexSemaphore(WaitBlock block, SharedObjectInfo info) : SemaphoreBackend, ISignal, IFutexObject
{
    public override SharedObjectInfo Info => info with { State = StateReader.Of(block) };

    public override int Maximum { get; } = CheckMaximum(block, info);

    public WaitBlock Block => block;

    public override bool Release(int count, out int before)
    {
        RobustThread me = RobustThread.Current;
        me.Begin(block.Node);
        CrashSwitch.Reach(CrashPoint.SemaphorePending);
        try
        {
            while (true)
            {
                ulong pair = Read();
                uint permits = SignalWord.SecondHalf(pair);
                before = (int)permits;
                if ((uint)count > (uint)Maximum - permits)
                    return false;
                uint word = SignalWord.Word(pair);
                if (word == SignalWord.Several)
                {
                    _ = Futex.SetAndWake(block.Word, SignalWord.SignaledBit, Futex.All);
                    CrashSwitch.Reach(CrashPoint.SemaphoreAnnounced);
                    continue;
                }
                // SYNC(semaphore): pairs with the exchange in TryTake.
                if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(permits + (uint)count, SignalWord.Signaled)))
                    continue;
                CrashSwitch.Reach(CrashPoint.SemaphoreReleased);
                if (word == SignalWord.Waiters)
                {
                    _ = Futex.Wake(block.Word, 1);
                    CrashSwitch.Reach(CrashPoint.SemaphoreWoke);
                }
                return true;
            }
        }
        finally
        {
            me.End();
            GC.KeepAlive(block);
        }
    }

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RobustThread me = RobustThread.Current;
        me.Begin(block.Node);
        CrashSwitch.Reach(CrashPoint.SemaphorePending);
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
            uint permits = SignalWord.SecondHalf(pair);
            if (permits == 0)
                return false;
            uint rest = permits - 1;
            bool handOn = slept && rest > 0;
            uint word = rest > 0 ? SignalWord.Signaled : slept ? SignalWord.Waiters : 0;
            // SYNC(semaphore): pairs with the exchange in Release.
            if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(rest, word)))
                continue;
            CrashSwitch.Reach(CrashPoint.SemaphoreTaken);
            if (handOn)
            {
                _ = Futex.Wake(block.Word, 1);
                CrashSwitch.Reach(CrashPoint.SemaphoreHandedOn);
            }
            return true;
        }
    }

    SharedObjectScope IFutexObject.Scope => info.Scope;

    uint IFutexObject.Begin() => 0;

    WaitResult? IFutexObject.TryTake(RobustThread me, uint begun) => TryTake(slept: false, out _) ? WaitResult.Signaled : null;

    bool IFutexObject.IsSignaled(RobustThread me, uint begun) => SignalWord.SecondHalf(Read()) != 0;

    bool IFutexObject.TryMark(RobustThread me, uint begun, out uint word)
    {
        word = SignalWord.Several;
        // Announced: somebody is about to give permits, and had to wake all before that.
        var patience = new Spinner(Spinner.Often);
        ulong pair;
        do
            pair = Read();
        while (pair == SignalWord.Pair(0, SignalWord.Signaled) && patience.Once());
        return SignalWord.SecondHalf(pair) == 0 && SignalWait.TryMarkSeveral(block, pair);
    }

    bool IFutexObject.TryWithhold(RobustThread me)
    {
        while (true)
        {
            ulong pair = Read();
            uint permits = SignalWord.SecondHalf(pair);
            if (permits == 0)
                return false;
            // NO-POINT: AllWithheld stands in the caller.
            if (SharedAtomics.CompareExchange(block.Pair, pair,
                SignalWord.Pair(permits - 1, permits > 1 ? SignalWord.Signaled : 0) | SignalWord.WithheldInPair))
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
        while (!SharedAtomics.CompareExchange(block.Pair, pair,
            SignalWord.Pair((SignalWord.SecondHalf(pair) & SignalWord.CountMask) + 1, SignalWord.Signaled)));
        return true;
    }

    /// <summary>The state, once no wait for all has taken a permit without having decided.</summary>
    private ulong Read()
    {
        while (true)
        {
            // SYNC(semaphore): pairs with the exchange in Release.
            ulong pair = SharedAtomics.Acquire(block.Pair);
            uint word = SignalWord.Word(pair);
            uint permits = SignalWord.SecondHalf(pair) & SignalWord.CountMask;
            if ((word & SignalWord.AlwaysZero) != 0 || permits > (uint)Maximum || permits != 0 && word != SignalWord.Signaled)
                throw LinuxErrors.Corrupt(block.Description.BareName, $"the semaphore's wait word is {word:X8} with a count of {SignalWord.SecondHalf(pair)} of {Maximum}", info.Name, SharedObjectKind.Semaphore);
            if (!SignalWord.IsWithheld(pair))
                return pair;
            _ = Withholding.Settle(RobustThread.Current, this);
        }
    }

    private static int CheckMaximum(WaitBlock block, SharedObjectInfo info) => block.Maximum is > 0 and <= int.MaxValue
        ? (int)block.Maximum
        : throw LinuxErrors.Corrupt(block.Description.BareName, $"the semaphore's maximum is {block.Maximum}", info.Name, SharedObjectKind.Semaphore);
}
