namespace Samepage.Layout;

/// <summary>The wait word of a lock that flows hold, and the second half beside it.</summary>
/// <remarks>
/// <code>
///  bits 0..7    the holder's <see cref="LockPlace"/>, counted from 1; 0 = free
///  bit 8        somebody sleeps, or is about to: to be woken, all, when the lock is given up
///  bit 9        the last holder died holding it; the next one is told
///  bits 10..31  the low bits of a generation
///  second half, bits 0..30: its high bits; bit 31: the holder is a wait for all that has not decided yet
/// </code>
/// The generation grows whenever the holder changes by an exchange of all 64 bits, so that nobody acts on a holder who is not the one any more; and whenever the
/// sleepers' mark is set, so that nobody goes to sleep on a mark that was taken away meanwhile and set by another.
/// What the kernel does to the word in one step with a wake-up clears bits, of the lowest eleven: more its operand does not hold.
/// </remarks>
internal static class LockWord
{
    public const uint HolderMask = 0xFF;
    public const uint Waiters = 1u << 8;
    public const uint Died = 1u << 9;

    private const int GenerationShift = 10;
    private const ulong GenerationMask = 0x7FFF_FFFF_FFFF_FFFF;

    public static uint Word(ulong pair) => (uint)pair;

    /// <summary>The next generation, with these bits below it.</summary>
    public static ulong Next(ulong pair, uint bits) =>
        ((((pair & GenerationMask) >> GenerationShift) + 1) << GenerationShift & GenerationMask) | bits;
}
