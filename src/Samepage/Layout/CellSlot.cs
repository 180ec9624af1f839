namespace Samepage.Layout;

/// <summary>A place for one value of a cell.</summary>
/// <remarks>
/// <code>
///   0        8        16        24          64
///   +--------+--------+---------+-----------+----------
///   | number | length | process | zero      | value
///   +--------+--------+---------+-----------+----------
/// </code>
/// Number 0: what stands here is no value, or is being written.
/// </remarks>
internal static class CellSlot
{
    /// <summary>The how manieth value it is; a <see cref="CellWord"/> says it as well, when it is the latest.</summary>
    public const int NumberOffset = 0;

    public const int LengthOffset = 8;

    /// <summary>Who wrote it, for people.</summary>
    public const int ProcessOffset = 16;

    /// <summary>On a line of its own: whoever finds that the value is still the latest need not look at what stands before it.</summary>
    public const int ValueOffset = 64;

    /// <summary>So many slots are used in turn; others only while readers keep some of these.</summary>
    public const int InTurn = 3;

    private const int OfWriters = 2;

    /// <summary>One for each reader that can keep one, the latest, and the one that is being written.</summary>
    public static int CountFor(int readers) => readers + OfWriters;

    /// <summary>From a slot of one entry of a map to that of the next; they lie in one ring.</summary>
    public static long StrideFor(int capacity) => ValueOffset + (capacity + ValueOffset - 1L) / ValueOffset * ValueOffset;

    /// <summary>As <see cref="CountFor"/>, the other way round.</summary>
    public static int ReadersOf(int count) => count - OfWriters;
}
