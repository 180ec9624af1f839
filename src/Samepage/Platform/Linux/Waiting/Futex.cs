using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>How a sleep on a wait word ended.</summary>
internal enum Sleep
{
    /// <summary>Woken, or the word had changed already, or for no reason: look at the word.</summary>
    Woken,

    /// <summary>The deadline passed; no wake-up was spent on this thread.</summary>
    TimedOut,

    /// <summary>The token was cancelled; a wake-up may have been spent on this thread as well.</summary>
    Cancelled,
}

/// <summary>futex(2) on words that processes share.</summary>
internal static unsafe class Futex
{
    public const int All = int.MaxValue;

    // FUTEX_OP(FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT, 31, FUTEX_OP_CMP_EQ, 0): word = 1 << 31; nobody is woken on behalf of the second word,
    // because the old value, which holds an owner, is not 0.
    private const int SetWaitersBit = unchecked((int)(0x8000_0000 | 31u << 12));

    /// <summary>Wakes up to <paramref name="count"/> sleepers and says how many there were.</summary>
    public static int Wake(uint* word, int count) =>
        Count(LibC.SysCall6(Native.SysFutex, (nint)word, Native.FutexWake, count, 0, 0, 0), "FUTEX_WAKE");

    /// <summary>In one step of the kernel: the word becomes the waiters bit alone, and one sleeper is woken. Says how many were.</summary>
    public static int HandOver(uint* word) =>
        Count(LibC.SysCall6(Native.SysFutex, (nint)word, Native.FutexWakeOp, 1, 0, (nint)word, SetWaitersBit), "FUTEX_WAKE_OP");

    /// <summary>Sleeps while the word has this value.</summary>
    public static Sleep Wait(uint* word, uint value, in Deadline deadline, WaitCancellation? cancellation)
    {
        if (cancellation is not null)
            return cancellation.Wait(word, value, deadline);
        TimeSpec until = deadline.ToTimeSpec();
        return Outcome(LibC.SysCall6(
            Native.SysFutex, (nint)word, Native.FutexWaitBitset, (nint)value,
            deadline.IsNever ? 0 : (nint)(&until), 0, unchecked((nint)Native.FutexMatchAny)));
    }

    public static Sleep Outcome(nint returned)
    {
        if (returned >= 0)
            return Sleep.Woken;
        return LinuxErrors.Last switch
        {
            Errno.EAGAIN or Errno.EINTR => Sleep.Woken,
            Errno.ETIMEDOUT => Sleep.TimedOut,
            int error => throw LinuxErrors.Translate("futex", error, "Waiting on a wait word"),
        };
    }

    private static int Count(nint returned, string operation) => returned >= 0
        ? (int)returned
        : throw LinuxErrors.Translate($"futex {operation}", LinuxErrors.Last, "Waking the waiters of a wait word");
}
