namespace Samepage.Channels;

/// <summary>Those who read a lane, as its writer needs to know them.</summary>
internal interface ILaneReaders
{
    /// <summary>The lowest position that somebody reads or has still to read; <see cref="long.MaxValue"/> when nobody does. What stands before it may be overwritten.</summary>
    /// <param name="needed">The caller needs to know of none but those before it.</param>
    long Slowest(long needed);

    /// <summary>Gives the ring memory.</summary>
    /// <param name="offset">In bytes from its beginning.</param>
    /// <param name="length">In bytes.</param>
    void GiveMemory(long offset, long length);
}
