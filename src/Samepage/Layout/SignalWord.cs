namespace Samepage.Layout;

/// <summary>The wait word of an auto-reset event or a semaphore, and the second half beside it.</summary>
/// <remarks>
/// <code>
///  bits 31 30
///        0  0  not signalled
///        1  0  not signalled; somebody sleeps and nobody has been woken to look after it
///        0  1  signalled: the event is set, the semaphore has permits (or is about to get some: look again)
///        1  1  not signalled; somebody sleeps, and some of the sleepers wait for several objects: to be woken all at once
///  bits 0..29  always 0: to the kernel the word is a robust futex without an owner, and when a thread dies whose pending entry
///              points to such a word, the kernel wakes one more sleeper in its stead
///  second half, bit 31: one signal is withheld by a wait for all
///               bits 0..30: of a semaphore the count, otherwise 0
/// </code>
/// </remarks>
internal static class SignalWord
{
    public const uint Waiters = 0x8000_0000;
    public const int SignaledBit = 30;
    public const uint Signaled = 1u << SignaledBit;
    public const uint Several = Waiters | Signaled;
    public const uint AlwaysZero = 0x3FFF_FFFF;
    public const uint Withheld = 0x8000_0000;
    public const uint CountMask = 0x7FFF_FFFF;

    /// <summary>The mark in the pair, for any kind of object.</summary>
    public const ulong WithheldInPair = (ulong)Withheld << 32;

    public static ulong Pair(uint secondHalf, uint word) => (ulong)secondHalf << 32 | word;
    public static uint Word(ulong pair) => (uint)pair;
    public static uint SecondHalf(ulong pair) => (uint)(pair >> 32);
    public static bool IsWithheld(ulong pair) => (SecondHalf(pair) & Withheld) != 0;
    public static bool HasSleepers(uint word) => (word & Waiters) != 0;
}
