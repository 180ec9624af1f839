using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A semaphore on a futex word, with the count beside it (W33, W35).</summary>
/// <remarks>
/// As with the event, the word is the pending robust entry during every operation. A release wakes one sleeper whatever its count; a
/// sleeper that leaves permits behind wakes the next: so a chain once begun goes on through whoever survives.
/// Protocol and proof: docs/design/event-and-semaphore.md; model: tests/models/semaphore.pml.
/// </remarks>
internal sealed unsafe class FutexSemaphore(WaitBlock block, SharedObjectInfo info) : SemaphoreBackend, ISignal
{
    public override SharedObjectInfo Info => info with { State = StateReader.Of(block) };

    public override int Maximum { get; } = CheckMaximum(block, info);

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
                // SYNC(semaphore): pairs with the exchange in TryTake.
                if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(permits + (uint)count, SignalWord.Signaled)))
                    continue;
                CrashSwitch.Reach(CrashPoint.SemaphoreReleased);
                if ((SignalWord.Word(pair) & SignalWord.Waiters) != 0)
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
            uint permits = SignalWord.SecondHalf(pair);
            if (permits == 0)
                return false;
            uint rest = permits - 1;
            bool handOn = progress.Slept && rest > 0;
            uint word = (rest > 0 ? SignalWord.Signaled : 0) | (progress.Slept && rest == 0 ? SignalWord.Waiters : 0);
            if (!progress.Slept)
                word |= SignalWord.Word(pair) & SignalWord.Waiters;
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

    private ulong Read()
    {
        // SYNC(semaphore): pairs with the exchange in Release.
        ulong pair = SharedAtomics.Acquire(block.Pair);
        uint word = SignalWord.Word(pair);
        uint permits = SignalWord.SecondHalf(pair);
        bool whole = (word & SignalWord.AlwaysZero) == 0
            && permits <= (uint)Maximum
            && (word & SignalWord.Signaled) != 0 == permits > 0;
        return whole
            ? pair
            : throw LinuxErrors.Corrupt(block.Description.BareName, $"the semaphore's wait word is {word:X8} with a count of {permits} of {Maximum}", info.Name, SharedObjectKind.Semaphore);
    }

    private static int CheckMaximum(WaitBlock block, SharedObjectInfo info) => block.Maximum is > 0 and <= int.MaxValue
        ? (int)block.Maximum
        : throw LinuxErrors.Corrupt(block.Description.BareName, $"the semaphore's maximum is {block.Maximum}", info.Name, SharedObjectKind.Semaphore);
}
