namespace Samepage.Layout;

/// <summary>Where everything lies in the memory of a channel.</summary>
/// <remarks>
/// <code>
///  +--------------+-----------------+-----------------+------------------+-------------------+ - - - +--------+--------+ - -
///  | ChannelHeader| SleeperBlock of | SleeperBlock of | LaneBlocks, one  | ReaderBlocks, one | zero  | ring   | ring   |
///  |              | the readers     | the writers     | for each lane    | for each reader   |       | lane 0 | lane 1 |
///  +--------------+-----------------+-----------------+------------------+-------------------+ - - - +--------+--------+ - -
///  0              4096              4352              4608                                           a multiple of 65,536
/// </code>
/// The rings are only reserved; writers give them memory as they come to it.
/// </remarks>
/// <param name="lanes">How many lanes there are.</param>
/// <param name="readers">How many readers there can be.</param>
/// <param name="capacity">Bytes of each ring; a power of two.</param>
/// <param name="slots">How many rings there are; null: one for each lane. Those of a cell are its slots; a map of cells has its table in one more.</param>
internal readonly struct ChannelLayout(int lanes, int readers, long capacity, int? slots = null)
{
    /// <summary>What every page size divides, and Windows' granularity of mapping.</summary>
    public const long SmallestCapacity = 65536;

    public const long LargestCapacity = 1L << 32;

    public const int ReadersAsleep = ChannelHeader.Length;
    public const int WritersAsleep = ReadersAsleep + SleeperBlock.Length;

    private const int LanesOffset = WritersAsleep + SleeperBlock.Length;

    private long ReadersOffset => LanesOffset + (long)lanes * LaneBlock.Length;

    /// <summary>The part before the rings.</summary>
    public long ControlLength => ReadersOffset + (long)readers * ReaderBlock.LengthFor(lanes);

    public int Rings => slots ?? lanes;

    public long Length => RingsOffset + Rings * capacity;

    private long RingsOffset => (ControlLength + SmallestCapacity - 1) / SmallestCapacity * SmallestCapacity;

    public static long LaneOffset(int lane) => LanesOffset + (long)lane * LaneBlock.Length;

    public long ReaderOffset(int reader) => ReadersOffset + (long)reader * ReaderBlock.LengthFor(lanes);

    public long RingOffset(int lane) => RingsOffset + lane * capacity;

    public static bool IsPossible(int lanes, int readers, long capacity) =>
        lanes is > 0 and <= SleeperBlock.MostEnds && readers is > 0 and <= SleeperBlock.MostEnds
        && capacity is >= SmallestCapacity and <= LargestCapacity && long.IsPow2(capacity);
}
