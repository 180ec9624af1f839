using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>One object for which asynchronous waits are pending: who waits, and whether a thread sleeps on its word. Guarded by <see cref="WatchService.Gate"/>.</summary>
internal sealed class Watch(IFutexObject one)
{
    public IFutexObject Object { get; } = one;

    /// <summary>Who sleeps for it; null while nobody waits.</summary>
    public WatchThread? Thread { get; set; }

    /// <summary>The thread is to look at it.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The thread sleeps on its word, or is about to be told that it does not any more.</summary>
    public bool IsAsleep { get; set; }

    /// <summary>Its place in what the thread sleeps on.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Whoever waits longest; null when nobody waits.</summary>
    public WatchEntry? First { get; private set; }

    private WatchEntry? _last;

    public void Add(WatchEntry entry)
    {
        entry.Watch = this;
        entry.Previous = _last;
        entry.Next = null;
        if (_last is null)
            First = entry;
        else
            _last.Next = entry;
        _last = entry;
    }

    public void Remove(WatchEntry entry)
    {
        if (entry.Previous is null)
            First = entry.Next;
        else
            entry.Previous.Next = entry.Next;
        if (entry.Next is null)
            _last = entry.Previous;
        else
            entry.Next.Previous = entry.Previous;
        (entry.Watch, entry.Next, entry.Previous) = (null, null, null);
    }
}
