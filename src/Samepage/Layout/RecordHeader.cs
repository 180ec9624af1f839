namespace Samepage.Layout;

/// <summary>The eight bytes before the payload of a record in a lane, written as one.</summary>
/// <remarks>
/// <code>
///  63                 32 31 30 29                    0
///  +--------------------+--+--+----------------------+
///  | kind, the caller's | C| 0| length of the payload|
///  +--------------------+--+--+----------------------+
///  | payload, then up to seven bytes to the next record: all begin at multiples of 8
///  +-------------------------------------------------
/// </code>
/// C says that the record is there. All zero: nothing is there yet. Bit 30 is for records that carry more; today it is refused.
/// </remarks>
internal static class RecordHeader
{
    public const int Length = 8;
    public const uint Committed = 0x8000_0000;

    /// <summary>What 30 bits hold.</summary>
    public const int LongestPayload = 0x3FFF_FFFF;

    private const int KindShift = 32;
    private const int Alignment = 8;

    public static ulong Of(int length, uint kind) => (ulong)kind << KindShift | Committed | (uint)length;

    public static uint KindOf(ulong header) => (uint)(header >> KindShift);

    /// <summary>The length, where the header is that of a record; otherwise a number above <see cref="LongestPayload"/>.</summary>
    public static uint LengthOf(ulong header) => (uint)header ^ Committed;

    /// <summary>From the beginning of such a record to that of the next.</summary>
    public static long StrideOf(int length) => (Length + (long)length + Alignment - 1) & -Alignment;
}
