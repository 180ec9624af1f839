using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>What a wait for an event or a semaphore needs to know of it.</summary>
internal interface ISignal
{
    /// <summary>Takes the signal if there is one.</summary>
    /// <param name="progress">What this wait has seen so far.</param>
    /// <param name="pair">The state that offered nothing, when it returns false.</param>
    bool TryTake(ref WaitProgress progress, out ulong pair);
}

/// <summary>What one wait has seen so far.</summary>
internal struct WaitProgress
{
    /// <summary>It has slept: a wake-up may have been spent on it, and others may sleep behind it.</summary>
    public bool Slept;

    /// <summary>It has looked at least once.</summary>
    public bool Began;

    /// <summary>The second half as it was at the first look.</summary>
    public uint FirstSecondHalf;
}

/// <summary>The wait of events and semaphores once the first look found no signal.</summary>
internal static unsafe class SignalWait
{
    /// <summary>The word is the calling thread's pending entry from before this call until after it.</summary>
    public static WaitResult Wait<TSignal>(
        TSignal signal, WaitBlock block, ref WaitProgress progress, TimeSpan timeout, CancellationToken token)
        where TSignal : class, ISignal
    {
        var spinner = new Spinner(Spinner.Often);
        while (timeout != TimeSpan.Zero && spinner.Once())
        {
            if (signal.TryTake(ref progress, out _))
                return WaitResult.Signaled;
        }
        if (timeout == TimeSpan.Zero)
            return WaitResult.TimedOut;

        var deadline = Deadline.After(timeout);
        using WaitCancellation? cancellation = WaitCancellation.For(block.Word, token);
        return WaitAsleep(signal, block, ref progress, deadline, cancellation) ?? throw new OperationCanceledException(token);
    }

    /// <summary>Null: cancelled.</summary>
    private static WaitResult? WaitAsleep<TSignal>(
        TSignal signal, WaitBlock block, ref WaitProgress progress, in Deadline deadline, WaitCancellation? cancellation)
        where TSignal : class, ISignal
    {
        Sleep sleep = Sleep.Woken;
        while (true)
        {
            if (signal.TryTake(ref progress, out ulong pair))
                return WaitResult.Signaled;
            // Also before leaving: the wake-up that cleared the bit may have been spent on us, and others may still sleep.
            if (!MarkWaiters(block, pair))
                continue;
            if (sleep != Sleep.Woken)
                return sleep == Sleep.TimedOut ? WaitResult.TimedOut : null;
            sleep = Futex.Wait(block.Word, SignalWord.Word(pair) | SignalWord.Waiters, deadline, cancellation);
            progress.Slept = true;
            CrashSwitch.Reach(CrashPoint.SignalWoken);
        }
    }

    /// <summary>False: the state changed meanwhile.</summary>
    private static bool MarkWaiters(WaitBlock block, ulong pair)
    {
        if ((SignalWord.Word(pair) & SignalWord.Waiters) != 0)
            return true;
        if (!SharedAtomics.CompareExchange(block.Pair, pair, pair | SignalWord.Waiters))
            return false;
        CrashSwitch.Reach(CrashPoint.SignalWaitersMarked);
        return true;
    }
}
