namespace Samepage.Layout;

/// <summary>What stands beside the ring of a lane: who writes it, and where in it one may begin to read.</summary>
/// <remarks>
/// <code>
///   0        8         16     64        128      136      144         152    192       256                           768
///   +--------+---------+------+---------+--------+--------+-----------+------+---------+-----------------------------+
///   | owner  | process | zero | queue's | last   | oldest | memory    | zero | queue's | 32 chunks: position and     |
///   |        |         |      |         | chunk  | chunk  | up to     |      |         | number of the first record  |
///   +--------+---------+------+---------+--------+--------+-----------+------+---------+-----------------------------+
/// </code>
/// A lane is thought of as 32 chunks. Chunk c stands in row c mod 32 from when the writer begins its first record at or behind c chunk lengths, until chunk
/// c + 32 does. Only the writer writes here, but for the owner. What a queue keeps here: <see cref="QueueBlock"/>.
/// </remarks>
internal static class LaneBlock
{
    /// <summary>The life of the process that writes; 0: nobody does.</summary>
    public const int OwnerOffset = 0;

    /// <summary>For people.</summary>
    public const int ProcessOffset = 8;

    /// <summary>The chunk that was begun last.</summary>
    public const int LastChunkOffset = 128;

    /// <summary>The oldest whose records nobody has begun to overwrite.</summary>
    public const int OldestChunkOffset = 136;

    /// <summary>How many bytes of the ring have memory, from its beginning.</summary>
    public const int MemoryOffset = 144;

    public const int ChunksOffset = 256;
    public const int ChunkLength = 16;
    public const int ChunkCount = 32;
    public const int NumberOffset = 8;

    /// <summary>
    /// No chunk begins behind it, and no record has a greater number. At 10 GB/s a lane gets there after 14 years; from there on it takes as long again to the end of 64 bits, so
    /// whoever goes on from a place that was checked need not look.
    /// </summary>
    public const long LastPosition = 1L << 62;

    public const int Length = ChunksOffset + ChunkCount * ChunkLength;

    public static int ChunkOffset(long chunk) => ChunksOffset + (int)(chunk % ChunkCount) * ChunkLength;
}
