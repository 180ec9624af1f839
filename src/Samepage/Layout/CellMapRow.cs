namespace Samepage.Layout;

/// <summary>An entry of a map of cells, in the map's table. Its values lie in the slots of the map, each entry's at a place of its own.</summary>
/// <remarks>
/// <code>
///   0        8        16       20    64                  574     576
///   +--------+--------+--------+-----+-------------------+-------+
///   | state  | latest | length | zero| key, UTF-16       | zero  |
///   +--------+--------+--------+-----+-------------------+-------+
/// </code>
/// State: odd while there is an entry; it grows by 1 whenever one is added or removed. Latest: a <see cref="CellWord"/>.
/// </remarks>
internal static class CellMapRow
{
    public const int StateOffset = 0;
    public const int LatestOffset = 8;

    /// <summary>Characters of the key.</summary>
    public const int KeyLengthOffset = 16;

    public const int KeyOffset = 64;
    public const int LongestKey = 255;
    public const int Length = 576;

    public static bool IsThere(ulong state) => (state & 1) != 0;
}

/// <summary>What a map of cells was made for, as its mode says it: the most bytes of a value in the lower 20 bits, above them how many entries there can be.</summary>
internal static class CellMapMode
{
    private const int CapacityBits = 20;

    public const int MostCapacity = (1 << CapacityBits) - 1;

    public static uint Of(int capacity, int entries) => (uint)entries << CapacityBits | (uint)capacity;

    public static int CapacityOf(uint mode) => (int)(mode & MostCapacity);

    public static int EntriesOf(uint mode) => (int)(mode >> CapacityBits);

    /// <summary>Bytes of a ring that has one slot of each entry, or the table.</summary>
    public static long RingFor(int capacity, int entries) => entries * Math.Max(CellSlot.StrideFor(capacity), CellMapRow.Length);
}
