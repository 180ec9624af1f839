namespace Samepage.Layout;

/// <summary>The wait word of a mutex, bit by bit as the kernel's robust futexes define it (linux/futex.h).</summary>
/// <remarks>
/// <code>
///  bit 31      somebody sleeps, or slept not long ago: the owner must wake when it releases
///  bit 30      the last owner died holding it; the next one is told
///  bits 0..29  thread id of the owner, 0 = free
/// </code>
/// The second half is a generation in bits 0..30: it grows whenever the mutex is taken while bit 31 or 30 stands, so that a release that found nobody
/// asleep can clear bit 31 without undoing what happened meanwhile. Its bit 31: the owner is a wait for all that has not decided yet.
/// </remarks>
internal static class MutexWord
{
    public const int WaitersBit = 31;
    public const uint Waiters = 1u << WaitersBit;
    public const uint OwnerDied = 0x4000_0000;
    public const uint OwnerMask = 0x3FFF_FFFF;
    public const uint Free = 0;

    public const uint Withheld = SignalWord.Withheld;

    public static ulong Pair(uint generation, uint word) => (ulong)(generation & ~Withheld) << 32 | word;
    public static uint Word(ulong pair) => (uint)pair;
    public static uint Generation(ulong pair) => (uint)(pair >> 32) & ~Withheld;
}
