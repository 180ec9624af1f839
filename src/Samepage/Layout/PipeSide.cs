namespace Samepage.Layout;

/// <summary>The two ends of a connection, as numbers of its lanes and readers.</summary>
/// <remarks>
/// <code>
///              lane 0, sleepers in the first block
///   maker  ==========================================&gt;  joiner
///   (0)    &lt;==========================================  (1)
///              lane 1, sleepers in the second block
/// </code>
/// Side s writes lane s and reads the other as reader s. In each block of sleepers the lane's reader is end 0 and its writer end 1.
/// </remarks>
internal static class PipeSide
{
    /// <summary>Whoever made the connection: a client, or the parent of a pair.</summary>
    public const int Maker = 0;

    public const int Joiner = 1;

    public const int Count = 2;

    /// <summary>Stands where a life will: the joiner's places wait for it. No process has this one.</summary>
    public const ulong Awaited = ulong.MaxValue;

    /// <summary>Whom one meets who had closed before: no process has this life either.</summary>
    public const ulong Nobody = ulong.MaxValue - 1;

    public const int ReaderEnd = 0;
    public const int WriterEnd = 1;

    public static int Other(int side) => Count - 1 - side;
}
