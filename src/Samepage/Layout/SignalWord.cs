namespace Samepage.Layout;

/// <summary>The wait word of an event or a semaphore, and the second half beside it.</summary>
/// <remarks>
/// <code>
///  bit 31      somebody sleeps and nobody has been woken to look after it
///  bit 30      signalled: the event is set, the semaphore's count is above 0
///  bits 0..29  always 0: to the kernel the word is a robust futex without an owner, and when a thread dies whose pending entry
///              points to such a word, the kernel wakes one more sleeper in its stead
///  second half of an event: generation, +1 with every set
///  second half of a semaphore: the count
/// </code>
/// </remarks>
internal static class SignalWord
{
    public const uint Waiters = 0x8000_0000;
    public const uint Signaled = 0x4000_0000;
    public const uint AlwaysZero = 0x3FFF_FFFF;

    public static ulong Pair(uint secondHalf, uint word) => (ulong)secondHalf << 32 | word;
    public static uint Word(ulong pair) => (uint)pair;
    public static uint SecondHalf(ulong pair) => (uint)(pair >> 32);
}
