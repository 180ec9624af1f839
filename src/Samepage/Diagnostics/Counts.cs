namespace Samepage.Diagnostics;

/// <summary>What ends of an object have done since they were made. It only grows.</summary>
internal struct Counts
{
    public long Sent;
    public long SentBytes;
    public long Received;
    public long ReceivedBytes;

    /// <summary>Waits for room.</summary>
    public long FullWaits;

    /// <summary>Bells that were rung for others.</summary>
    public long Rings;

    /// <summary>Sleeps that ended with news.</summary>
    public long Awakenings;

    /// <summary>Places of the dead that were taken back.</summary>
    public long Reclaimed;

    public void Add(in Counts other)
    {
        Sent += other.Sent;
        SentBytes += other.SentBytes;
        Received += other.Received;
        ReceivedBytes += other.ReceivedBytes;
        FullWaits += other.FullWaits;
        Rings += other.Rings;
        Awakenings += other.Awakenings;
        Reclaimed += other.Reclaimed;
    }
}
