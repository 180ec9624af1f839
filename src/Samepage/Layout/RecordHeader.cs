namespace Samepage.Layout;

/// <summary>The eight bytes before the payload of a record in a lane, written as one.</summary>
/// <remarks>
/// <code>
///  63                 32 31 30 29                    0
///  +--------------------+--+--+----------------------+
///  | kind, the caller's | C| T| length              |
///  +--------------------+--+--+----------------------+
///  | payload, a trace context, then up to seven bytes to the next record: all begin at multiples of 8
///  +-------------------------------------------------
/// </code>
/// C says that the record is there. All zero: nothing is there yet. T says that the last 32 bytes of what the length counts are a <see cref="TraceBlock"/>;
/// without it, all is the payload.
/// </remarks>
internal static class RecordHeader
{
    public const int Length = 8;
    public const uint Committed = 0x8000_0000;
    public const uint Traced = 0x4000_0000;

    /// <summary>What 30 bits hold.</summary>
    public const int LongestPayload = 0x3FFF_FFFF;

    private const int KindShift = 32;
    private const int Alignment = 8;

    public static ulong Of(int length, uint kind) => (ulong)kind << KindShift | Committed | (uint)length;

    public static uint KindOf(ulong header) => (uint)(header >> KindShift);

    /// <param name="length">Of the payload and the trace context behind it.</param>
    /// <param name="kind">The caller's.</param>
    public static ulong OfTraced(int length, uint kind) => Of(length, kind) | Traced;

    /// <summary>The length of the payload, where the header is that of a record without a trace context; otherwise a number above <see cref="LongestPayload"/>.</summary>
    public static uint LengthOf(ulong header) => (uint)header ^ Committed;

    /// <summary>The length of the payload and of its trace context, where the header is that of a record; otherwise a number above <see cref="LongestPayload"/>.</summary>
    public static uint ExtentOf(ulong header)
    {
        uint extent = LengthOf(header & ~(ulong)Traced);
        return TraceLengthOf(header) <= extent ? extent : uint.MaxValue;
    }

    /// <summary>Of the trace context, if there is one.</summary>
    public static int TraceLengthOf(ulong header) => (header & Traced) != 0 ? TraceBlock.Length : 0;

    /// <summary>Of a header whose extent was checked.</summary>
    public static int PayloadOf(ulong header) => (int)ExtentOf(header) - TraceLengthOf(header);

    /// <summary>From the beginning of such a record to that of the next.</summary>
    public static long StrideOf(int length) => StrideOf((uint)length);

    /// <inheritdoc cref="StrideOf(int)"/>
    public static long StrideOf(uint length) => (Length + (long)length + Alignment - 1) & -Alignment;
}
