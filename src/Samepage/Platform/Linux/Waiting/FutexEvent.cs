using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>An event on a futex word (W32, W35).</summary>
/// <remarks>
/// The word is the thread's pending robust entry during every operation. It never names an owner, so the kernel answers the death of a
/// thread that was about to wake somebody, or was woken and had not taken the signal yet, by waking one more sleeper.
/// Protocol and proof: docs/design/event-and-semaphore.md; model: tests/models/event.pml.
/// </remarks>
internal sealed unsafe class FutexEvent(WaitBlock block, SharedObjectInfo info) : EventBackend, ISignal
{
    private readonly bool _manual = (block.Description.Flags & SegmentFlags.ManualReset) != 0;

    public override SharedObjectInfo Info => info with { State = StateReader.Of(block) };

    public override EventResetMode Mode => _manual ? EventResetMode.ManualReset : EventResetMode.AutoReset;

    public override void Set()
    {
        RobustThread me = RobustThread.Current;
        me.Begin(block.Node);
        CrashSwitch.Reach(CrashPoint.EventPending);
        try
        {
            if (_manual)
                SetManual();
            else
                SetAuto();
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
            uint word = SignalWord.Word(pair);
            if ((word & SignalWord.Signaled) == 0)
                break;
            // The one who set it may have died before it woke those who slept: they pass, and so they must be awake before the signal is gone.
            if (_manual && (word & SignalWord.Waiters) != 0)
                _ = Futex.Wake(block.Word, Futex.All);
            if (SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(SignalWord.SecondHalf(pair), word & ~SignalWord.Signaled)))
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
            var progress = new WaitProgress();
            return TryTake(ref progress, out _)
                ? WaitResult.Signaled
                : SignalWait.Wait(this, block, ref progress, timeout, cancellationToken);
        }
        finally
        {
            me.End();
            GC.KeepAlive(block);
        }
    }

    public override void Dispose() => block.Detach();

    /// <inheritdoc/>
    public bool TryTake(ref WaitProgress progress, out ulong pair)
    {
        while (true)
        {
            pair = Read();
            uint word = SignalWord.Word(pair);
            if (_manual)
                return TryPass(ref progress, pair);
            if ((word & SignalWord.Signaled) == 0)
                return false;
            uint left = word & SignalWord.Waiters | (progress.Slept ? SignalWord.Waiters : 0);
            // SYNC(event): pairs with the exchange in SetAuto.
            if (SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(SignalWord.SecondHalf(pair), left)))
            {
                CrashSwitch.Reach(CrashPoint.EventTaken);
                return true;
            }
        }
    }

    /// <summary>A manual-reset event lets a waiter pass that sees it set, or sees that it was set since the wait began, even if it was reset again.</summary>
    private bool TryPass(ref WaitProgress progress, ulong pair)
    {
        uint word = SignalWord.Word(pair);
        uint generation = SignalWord.SecondHalf(pair);
        if (!progress.Began)
        {
            progress.Began = true;
            progress.FirstSecondHalf = generation;
        }
        if ((word & SignalWord.Signaled) == 0 && generation == progress.FirstSecondHalf)
            return false;
        // The one who set it may have died before it woke all: whoever was woken goes on with that.
        if (progress.Slept && (word & SignalWord.Waiters) != 0)
            WakeAll(generation);
        return true;
    }

    private void SetAuto()
    {
        while (true)
        {
            ulong pair = Read();
            uint word = SignalWord.Word(pair);
            if (word == SignalWord.Signaled)
                return;
            // SYNC(event): pairs with the exchange in TryTake.
            if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(SignalWord.SecondHalf(pair) + 1, SignalWord.Signaled)))
                continue;
            CrashSwitch.Reach(CrashPoint.EventSet);
            if ((word & SignalWord.Waiters) != 0)
            {
                _ = Futex.Wake(block.Word, 1);
                CrashSwitch.Reach(CrashPoint.EventWoke);
            }
            return;
        }
    }

    private void SetManual()
    {
        while (true)
        {
            ulong pair = Read();
            uint word = SignalWord.Word(pair);
            uint generation = SignalWord.SecondHalf(pair) + 1;
            // SYNC(event): pairs with the acquire in TryTake.
            if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(generation, word | SignalWord.Signaled)))
                continue;
            CrashSwitch.Reach(CrashPoint.EventSet);
            if ((word & SignalWord.Waiters) != 0)
                WakeAll(generation);
            return;
        }
    }

    /// <summary>Wakes everyone who slept when this generation was set, and then takes the mark away if nothing else happened.</summary>
    private void WakeAll(uint generation)
    {
        _ = Futex.Wake(block.Word, Futex.All);
        CrashSwitch.Reach(CrashPoint.EventWoke);
        _ = SharedAtomics.CompareExchange(block.Pair,
            SignalWord.Pair(generation, SignalWord.Signaled | SignalWord.Waiters), SignalWord.Pair(generation, SignalWord.Signaled));
        CrashSwitch.Reach(CrashPoint.EventSettled);
    }

    private ulong Read()
    {
        // SYNC(event): pairs with the exchanges in SetAuto and SetManual.
        ulong pair = SharedAtomics.Acquire(block.Pair);
        return (SignalWord.Word(pair) & SignalWord.AlwaysZero) == 0
            ? pair
            : throw LinuxErrors.Corrupt(block.Description.BareName, $"the wait word of the event is {SignalWord.Word(pair):X8}", info.Name, SharedObjectKind.Event);
    }
}
