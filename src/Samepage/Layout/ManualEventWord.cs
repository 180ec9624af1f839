namespace Samepage.Layout;

/// <summary>The wait word of a manual-reset event; the second half beside it is 0, or <see cref="SignalWord.Withheld"/>.</summary>
/// <remarks>
/// <code>
///  bit 31      somebody may sleep
///  bits 1..30  generation: +1 with every reset of a set event
///  bit 0       set
/// </code>
/// Setting it and waking all who sleep is one step of the kernel. A waiter passes when it sees it set, or sees a generation that is not the one of its
/// first look: then it was set meanwhile. 2^30 resets between two looks of one waiter are beyond what it can tell.
/// </remarks>
internal static class ManualEventWord
{
    public const uint Waiters = 0x8000_0000;
    public const uint Set = 1;
    private const uint GenerationMask = 0x7FFF_FFFE;

    public static uint Generation(uint word) => word & GenerationMask;

    /// <summary>What a set event's word is after a reset: nobody sleeps while it is set.</summary>
    public static uint AfterReset(uint word) => (word + 2 - Set) & GenerationMask;
}
