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

    /// <summary>FUTEX_WAITV_MAX: the most words that one sleep may have.</summary>
    public const int MostWords = 128;

    /// <summary>Set to "0" to run the fallback on a kernel that does not need it.</summary>
    private const string WaitVVariable = "SAMEPAGE_FUTEX_WAITV";

    // FUTEX_OP: operation << 28 | comparison << 24 | operand << 12 | comparand. SET with FUTEX_OP_OPARG_SHIFT takes 1 << operand.
    // Whatever the comparison with the old value wakes in addition sleeps on the same word.
    private const int SetShifted = unchecked((int)0x8000_0000);
    private const int AndNot = 0x3000_0000;
    private const int Or = 0x2000_0000;
    private const int Operand = 12;

    /// <summary>True where the kernel can wait for several words at once (futex_waitv, 5.16).</summary>
    public static bool HasWaitV { get; } = DetectWaitV();

    /// <summary>Wakes up to <paramref name="count"/> sleepers and says how many there were.</summary>
    public static int Wake(uint* word, int count) =>
        Count(LibC.SysCall6(Native.SysFutex, (nint)word, Native.FutexWake, count, 0, 0, 0), "FUTEX_WAKE");

    /// <summary>As <see cref="Wake"/>, for a word that only threads of this process sleep on.</summary>
    public static int WakePrivate(uint* word, int count) =>
        Count(LibC.SysCall6(Native.SysFutex, (nint)word, Native.FutexWake | Native.FutexPrivate, count, 0, 0, 0), "FUTEX_WAKE");

    /// <summary>In one step of the kernel: the word becomes this bit alone, and so many sleepers are woken. Says how many were.</summary>
    public static int SetAndWake(uint* word, int bit, int count) => WakeOp(word, SetShifted | bit << Operand, count);

    /// <summary>In one step of the kernel: the word gets these bits as well, and all sleepers are woken.</summary>
    public static void OrAndWakeAll(uint* word, int bits) => _ = WakeOp(word, Or | bits << Operand, All);

    /// <summary>In one step of the kernel: the word loses these bits, of the lowest eleven, and all sleepers are woken.</summary>
    public static void ClearAndWakeAll(uint* word, uint bits) => _ = WakeOp(word, AndNot | (int)bits << Operand, All);

    /// <summary>How many sleep on the word, in whatever way; null when the kernel does not say. It may be mapped for reading only.</summary>
    /// <remarks>
    /// None is woken and all are moved to the word on which they sleep: the kernel counts them and leaves each where it stands.
    /// Why that is so is in docs/design/inspection.md.
    /// </remarks>
    public static int? CountSleepers(uint* word)
    {
        nint count = LibC.SysCall6(Native.SysFutex, (nint)word, Native.FutexRequeue, 0, All, (nint)word, 0);
        return count >= 0 ? (int)count : null;
    }

    /// <summary>Sleeps while the word has this value.</summary>
    public static Sleep Wait(uint* word, uint value, in Deadline deadline, WaitCancellation? cancellation)
    {
        if (cancellation is not null)
            return cancellation.Wait(word, value, deadline);
        return Wait(word, value, deadline, Native.FutexWaitBitset);
    }

    /// <summary>As <see cref="Wait(uint*, uint, in Deadline, WaitCancellation?)"/>, for a word of this process alone.</summary>
    public static Sleep WaitPrivate(uint* word, uint value, in Deadline deadline) =>
        Wait(word, value, deadline, Native.FutexWaitBitset | Native.FutexPrivate);

    /// <summary>Sleeps while each word has its value.</summary>
    public static Sleep Wait(ReadOnlySpan<FutexWaitEntry> words, in Deadline deadline)
    {
        TimeSpec until = deadline.ToTimeSpec();
        fixed (FutexWaitEntry* first = words)
        {
            return Outcome(LibC.SysCall6(Native.SysFutexWaitV, (nint)first, words.Length, 0,
                deadline.IsNever ? 0 : (nint)(&until), Native.ClockMonotonic, 0));
        }
    }

    private static Sleep Wait(uint* word, uint value, in Deadline deadline, int operation)
    {
        TimeSpec until = deadline.ToTimeSpec();
        return Outcome(LibC.SysCall6(Native.SysFutex, (nint)word, operation, (nint)value,
            deadline.IsNever ? 0 : (nint)(&until), 0, unchecked((nint)Native.FutexMatchAny)));
    }

    private static Sleep Outcome(nint returned)
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

    private static int WakeOp(uint* word, int operation, int count) =>
        Count(LibC.SysCall6(Native.SysFutex, (nint)word, Native.FutexWakeOp, count, 0, (nint)word, operation), "FUTEX_WAKE_OP");

    private static int Count(nint returned, string operation) => returned >= 0
        ? (int)returned
        : throw LinuxErrors.Translate($"futex {operation}", LinuxErrors.Last, "Waking the waiters of a wait word");

    private static bool DetectWaitV()
    {
        if (Environment.GetEnvironmentVariable(WaitVVariable) == "0")
            return false;
        // No entries at all: EINVAL where the call exists, ENOSYS where it does not.
        return LibC.SysCall6(Native.SysFutexWaitV, 0, 0, 0, 0, 0, 0) == 0 || LinuxErrors.Last != Errno.ENOSYS;
    }
}
