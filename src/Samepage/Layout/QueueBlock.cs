namespace Samepage.Layout;

/// <summary>What a queue keeps in the <see cref="LaneBlock"/> of each of its lanes, each on a cache line of its own.</summary>
/// <remarks>
/// <code>
///      oldest record that is still there                          what the sender writes next
///        |                                                               |
///   -----+--------+--------+--------+--------+---------+---------+-------+-----
///        |finished| leased |finished| leased | waiting | waiting |   0   |
///   -----+--------+--------+--------+--------+---------+---------+-------+-----
///        ^                                   ^
///        done                                next
/// </code>
/// Lane l has priority l mod the number of priorities. Next is moved by whoever has the queue's turn; done by the lane's sender alone. No record at or behind
/// next is waiting further ahead, and none at or behind it is given up.
/// </remarks>
internal static class QueueBlock
{
    /// <summary>Where whoever receives begins to look: no record before it is waiting.</summary>
    public const int NextOffset = 64;

    /// <summary>What stands before it may be overwritten.</summary>
    public const int DoneOffset = 192;
}
