namespace Samepage.Platform.Linux.Watching;

/// <summary>That one pending wait waits for one object: a link in the list of that object's watch.</summary>
internal sealed class WatchEntry(PendingWait wait, int index)
{
    public PendingWait Wait { get; } = wait;

    /// <summary>Which of its objects.</summary>
    public int Index { get; } = index;

    /// <summary>What the wait must remember of the object from its beginning on.</summary>
    public uint Begun { get; set; }

    /// <summary>Where it stands; null when it waits for this object no longer.</summary>
    public Watch? Watch { get; set; }

    public WatchEntry? Next { get; set; }

    public WatchEntry? Previous { get; set; }
}
