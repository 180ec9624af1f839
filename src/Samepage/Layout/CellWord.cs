namespace Samepage.Layout;

/// <summary>What is the latest of a cell: the how manieth value, and in which slot it stands. One word, so that both change in one store.</summary>
/// <remarks>
/// <code>
///   63                                             12 11          0
///   +------------------------------------------------+-------------+
///   | how many values were written, with this one    | slot        |
///   +------------------------------------------------+-------------+
/// </code>
/// 0: none was ever written.
/// </remarks>
internal static class CellWord
{
    private const int SlotBits = 12;

    /// <summary>At a million values a second it comes in 142 years.</summary>
    public const ulong LastNumber = ulong.MaxValue >> SlotBits;

    public static ulong Of(ulong number, int slot) => number << SlotBits | (uint)slot;

    public static ulong NumberOf(ulong word) => word >> SlotBits;

    public static uint SlotOf(ulong word) => (uint)word & ((1u << SlotBits) - 1);
}
