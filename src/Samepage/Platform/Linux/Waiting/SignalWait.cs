using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>What a wait for an auto-reset event or a semaphore needs to know of it.</summary>
internal interface ISignal
{
    /// <summary>Takes the signal if there is one.</summary>
    /// <param name="slept">This wait has slept: a wake-up may have been spent on it, and others may sleep behind it.</param>
    /// <param name="pair">The state that offered nothing, when it returns false.</param>
    bool TryTake(bool slept, out ulong pair);
}

/// <summary>The wait of auto-reset events and semaphores once the first look found no signal.</summary>
internal static unsafe class SignalWait
{
    /// <summary>The word is the calling thread's pending entry from before this call until after it.</summary>
    public static WaitResult Wait<TSignal>(TSignal signal, WaitBlock block, TimeSpan timeout, CancellationToken token)
        where TSignal : class, ISignal
    {
        var spinner = new Spinner(Spinner.Often);
        while (timeout != TimeSpan.Zero && spinner.Once())
        {
            if (signal.TryTake(slept: false, out _))
                return WaitResult.Signaled;
        }
        if (timeout == TimeSpan.Zero)
            return WaitResult.TimedOut;

        var deadline = Deadline.After(timeout);
        using WaitCancellation? cancellation = WaitCancellation.For(block.Word, token);
        return WaitAsleep(signal, block, deadline, cancellation) ?? throw new OperationCanceledException(token);
    }

    /// <summary>Leaves the mark of those who wait for several; afterwards the word is <see cref="SignalWord.Several"/>. False: the state changed meanwhile.</summary>
    public static bool TryMarkSeveral(WaitBlock block, ulong pair)
    {
        if (SignalWord.Word(pair) == SignalWord.Several)
            return true;
        if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(SignalWord.SecondHalf(pair), SignalWord.Several)))
            return false;
        CrashSwitch.Reach(CrashPoint.SeveralMarked);
        return true;
    }

    /// <summary>Null: cancelled.</summary>
    private static WaitResult? WaitAsleep<TSignal>(TSignal signal, WaitBlock block, in Deadline deadline, WaitCancellation? cancellation)
        where TSignal : class, ISignal
    {
        Sleep sleep = Sleep.Woken;
        bool slept = false;
        var patience = new Spinner(Spinner.Often);
        while (true)
        {
            if (signal.TryTake(slept, out ulong pair))
                return WaitResult.Signaled;
            // Announced: somebody is about to give permits, and had to wake all before that.
            if (SignalWord.Word(pair) == SignalWord.Signaled && patience.Once())
                continue;
            // Also before leaving: the wake-up that cleared the bit may have been spent on us, and others may still sleep.
            if (!TryMark(block, pair, out uint word))
                continue;
            if (sleep != Sleep.Woken)
                return sleep == Sleep.TimedOut ? WaitResult.TimedOut : null;
            sleep = Futex.Wait(block.Word, word, deadline, cancellation);
            slept = true;
            CrashSwitch.Reach(CrashPoint.SignalWoken);
        }
    }

    /// <summary>False: the state changed meanwhile.</summary>
    private static bool TryMark(WaitBlock block, ulong pair, out uint word)
    {
        word = SignalWord.Word(pair);
        if (SignalWord.HasSleepers(word))
            return true;
        word = SignalWord.Waiters;
        if (!SharedAtomics.CompareExchange(block.Pair, pair, SignalWord.Pair(SignalWord.SecondHalf(pair), word)))
            return false;
        CrashSwitch.Reach(CrashPoint.SignalWaitersMarked);
        return true;
    }
}
