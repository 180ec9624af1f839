namespace Samepage.Layout;

/// <summary>One who reads the lanes of a channel.</summary>
/// <remarks>
/// <code>
///   0        8        16         24       32       40     48     128        128 + 8·lanes, then up to a multiple of 128
///   +--------+--------+----------+--------+--------+------+------+----------+-------
///   | owner  | missed | process  | tenure | passed | pin  | zero | positions, one for each lane
///   +--------+--------+----------+--------+--------+------+------+----------+-------
/// </code>
/// What stands before a position the reader has read. Each is written with 1 added; 0: it holds nothing up in this lane, <see cref="Nowhere"/>.
/// </remarks>
internal static class ReaderBlock
{
    /// <summary>The life of the process that reads; 0: nobody does, and the positions mean nothing.</summary>
    public const int OwnerOffset = 0;

    /// <summary>How many messages passed it by, for people.</summary>
    public const int MissedOffset = 8;

    /// <summary>For people.</summary>
    public const int ProcessOffset = 16;

    /// <summary>Of a mailbox: the how manieth it is that reads. Only grows.</summary>
    public const int TenureOffset = 24;

    /// <summary>Of a topic that drops the oldest: how many messages of all lanes it has read or missed, or had been there before it came, for people.</summary>
    public const int PassedOffset = 32;

    /// <summary>Of a cell: the slot that it keeps from being overwritten.</summary>
    public const int PinOffset = 40;

    public const int PositionsOffset = 128;

    public const long Nowhere = long.MaxValue;

    private const int Line = 128;

    public static int LengthFor(int lanes) => PositionsOffset + (lanes * sizeof(long) + Line - 1) / Line * Line;

    public static int PositionOffset(int lane) => PositionsOffset + lane * sizeof(long);
}
