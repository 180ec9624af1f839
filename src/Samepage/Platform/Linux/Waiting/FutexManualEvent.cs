using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A manual-reset event on a futex word (W32, W35).</summary>
/// <remarks>
/// Setting it and waking everybody is one step, so nobody is left behind by a death, and no wait needs the kernel to look after it.
/// Protocol and proof: docs/design/event-and-semaphore.md; model: tests/models/manual-event.pml.
/// </remarks>
internal sealed unsafe class FutexManualEvent(WaitBlock block, SharedObjectInfo info) : EventBackend, IFutexObject
{
    public override SharedObjectInfo Info => info with { State = StateReader.Of(block) };

    public override EventResetMode Mode => EventResetMode.ManualReset;

    public WaitBlock Block => block;

    public override void Set()
    {
        while (!TrySet())
        {
        }
        GC.KeepAlive(block);
    }

    public override void Reset()
    {
        while (true)
        {
            ulong pair = Read();
            uint word = SignalWord.Word(pair);
            if ((word & ManualEventWord.Set) == 0)
                break;
            if (SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(0, ManualEventWord.AfterReset(word))))
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
        uint begun = SignalWord.Word(Read());
        WaitResult result = (begun & ManualEventWord.Set) != 0 ? WaitResult.Signaled
            : timeout == TimeSpan.Zero ? WaitResult.TimedOut
            : WaitForSet(begun, timeout, cancellationToken);
        GC.KeepAlive(block);
        return result;
    }

    public override void Dispose() => block.Detach();

    SharedObjectScope IFutexObject.Scope => info.Scope;

    uint IFutexObject.Begin() => SignalWord.Word(Read());

    WaitResult? IFutexObject.TryTake(RobustThread me, uint begun) => Passes(SignalWord.Word(Read()), begun) ? WaitResult.Signaled : null;

    bool IFutexObject.IsSignaled(RobustThread me, uint begun) => Passes(SignalWord.Word(Read()), begun);

    bool IFutexObject.TryMark(RobustThread me, uint begun, out uint word) => TryMark(begun, out word);

    bool IFutexObject.TryWithhold(RobustThread me)
    {
        while (true)
        {
            ulong pair = Read();
            if ((SignalWord.Word(pair) & ManualEventWord.Set) == 0)
                return false;
            // NO-POINT: AllWithheld stands in the caller.
            if (SharedAtomics.CompareExchange(block.Pair, pair, pair | SignalWord.WithheldInPair))
                return true;
        }
    }

    WaitResult IFutexObject.Confirm(RobustThread me)
    {
        block.ClearWithheld();
        return WaitResult.Signaled;
    }

    void IFutexObject.GiveBack(RobustThread me) => block.ClearWithheld();

    bool IFutexObject.Settle(RobustThread me, bool taken)
    {
        block.ClearWithheld();
        return true;
    }

    private WaitResult WaitForSet(uint begun, TimeSpan timeout, CancellationToken token)
    {
        var spinner = new Spinner(Spinner.Often);
        while (spinner.Once())
        {
            if (Passes(SignalWord.Word(Read()), begun))
                return WaitResult.Signaled;
        }
        var deadline = Deadline.After(timeout);
        using WaitCancellation? cancellation = WaitCancellation.For(block.Word, token);
        Sleep sleep = Sleep.Woken;
        while (true)
        {
            if (Passes(SignalWord.Word(Read()), begun))
                return WaitResult.Signaled;
            if (sleep != Sleep.Woken)
                return sleep == Sleep.TimedOut ? WaitResult.TimedOut : throw new OperationCanceledException(token);
            if (!TryMark(begun, out uint word))
                continue;
            sleep = Futex.Wait(block.Word, word, deadline, cancellation);
            CrashSwitch.Reach(CrashPoint.SignalWoken);
        }
    }

    private static bool Passes(uint word, uint begun) =>
        (word & ManualEventWord.Set) != 0 || ManualEventWord.Generation(word) != ManualEventWord.Generation(begun);

    private bool TryMark(uint begun, out uint word)
    {
        ulong pair = Read();
        word = SignalWord.Word(pair);
        if (Passes(word, begun))
            return false;
        if ((word & ManualEventWord.Waiters) != 0)
            return true;
        word |= ManualEventWord.Waiters;
        if (!SharedAtomics.CompareExchange(block.Pair, pair, pair | ManualEventWord.Waiters))
            return false;
        CrashSwitch.Reach(CrashPoint.SignalWaitersMarked);
        return true;
    }

    private bool TrySet()
    {
        ulong pair = Read();
        uint word = SignalWord.Word(pair);
        if ((word & ManualEventWord.Set) != 0)
            return true;
        if ((word & ManualEventWord.Waiters) != 0)
        {
            Futex.OrAndWakeAll(block.Word, (int)ManualEventWord.Set);
            CrashSwitch.Reach(CrashPoint.EventBroadcast);
            return true;
        }
        // SYNC(manual): pairs with the acquire in Read.
        if (!SharedAtomics.CompareExchange(block.Pair, pair, pair | ManualEventWord.Set))
            return false;
        CrashSwitch.Reach(CrashPoint.EventSet);
        return true;
    }

    /// <summary>The state, once no wait for all needs it to stay as it is.</summary>
    private ulong Read()
    {
        while (true)
        {
            // SYNC(manual): pairs with the exchange in TrySet.
            ulong pair = SharedAtomics.Acquire(block.Pair);
            if (SignalWord.SecondHalf(pair) == 0)
                return pair;
            if (SignalWord.SecondHalf(pair) != SignalWord.Withheld)
                throw LinuxErrors.Corrupt(block.Description.BareName, $"beside the wait word of the event stands {SignalWord.SecondHalf(pair):X8}", info.Name, SharedObjectKind.Event);
            _ = Withholding.Settle(RobustThread.Current, this);
        }
    }
}
